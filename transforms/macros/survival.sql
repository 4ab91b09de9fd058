{#- Steps of survival curves, from counts at each day. A product over rows is the exponential of a sum of logarithms;
    a hazard of 1, whose logarithm does not exist, ends the curve at 0. -#}

{#- The share still waiting just before each day. ``hazard`` is the share of those at risk who end on a day; rows are
    ordered by ``day`` within ``groups``. -#}
{% macro surviving_before(hazard, groups, day) -%}
    case
        when coalesce(max(case when {{ hazard }} >= 1 then 1 else 0 end) over (
            partition by {{ groups | join(', ') }} order by {{ day }}
            rows between unbounded preceding and 1 preceding
        ), 0) = 1 then cast(0 as double)
        else exp(coalesce(sum(case when {{ hazard }} < 1 then ln(1 - {{ hazard }}) end) over (
            partition by {{ groups | join(', ') }} order by {{ day }}
            rows between unbounded preceding and 1 preceding
        ), 0))
    end
{%- endmacro %}
