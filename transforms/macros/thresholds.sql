{#- Whether a figure stands on the good side of a threshold: its point estimate, or the unfavorable limit of its interval.
    ``figure`` is a relation with value, value_lower and value_upper. NULL where nobody is counted. -#}
{% macro meets(direction, tested_on, figure, threshold) -%}
    case
        when {{ direction }} = 'AT_MOST' and {{ tested_on }} = 'POINT' then {{ figure }}.value <= cast({{ threshold }} as double)
        when {{ direction }} = 'AT_MOST' then {{ figure }}.value_upper <= cast({{ threshold }} as double)
        when {{ tested_on }} = 'POINT' then {{ figure }}.value >= cast({{ threshold }} as double)
        else {{ figure }}.value_lower >= cast({{ threshold }} as double)
    end
{%- endmacro %}
