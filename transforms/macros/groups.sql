{#- Groups of people, and how the outcomes of one are held against those of another. -#}

{% macro yes_no(code) -%}
    case {{ code }} when '1' then 'yes' when '0' then 'no' else 'undisclosed' end
{%- endmacro %}

{#- One column of traits as rows of (participation_id, topic, group_dim, group_value, reference_value). -#}
{% macro groups_of(relation, topic, dimension, reference=none) -%}
    select
        participation_id,
        '{{ topic }}' as topic,
        '{{ dimension }}' as group_dim,
        {{ dimension }} as group_value,
        {% if reference %}'{{ reference }}'{% else %}cast(null as varchar){% endif %} as reference_value
    from {{ relation }}
{%- endmacro %}

{#- Newcombe's hybrid interval (1998, method 10) of a difference of two rates, one - other, from their Wilson intervals. -#}
{% macro newcombe_lower(one, other) -%}
    ({{ one }}_share - {{ other }}_share) - sqrt(
        ({{ one }}_share - {{ one }}_lower) * ({{ one }}_share - {{ one }}_lower)
        + ({{ other }}_upper - {{ other }}_share) * ({{ other }}_upper - {{ other }}_share)
    )
{%- endmacro %}

{% macro newcombe_upper(one, other) -%}
    ({{ one }}_share - {{ other }}_share) + sqrt(
        ({{ one }}_upper - {{ one }}_share) * ({{ one }}_upper - {{ one }}_share)
        + ({{ other }}_share - {{ other }}_lower) * ({{ other }}_share - {{ other }}_lower)
    )
{%- endmacro %}

{#- Complementary error function of a number of 0 or more, relative error below 1.2e-7: no engine here has one.
    Press et al., Numerical Recipes, 6.2 (Chebyshev fit). -#}
{% macro erfc(x) -%}
    {%- set t = '(1 / (1 + (' ~ x ~ ') / 2))' -%}
    {{ t }} * exp(
        -({{ x }}) * ({{ x }}) - 1.26551223 + {{ t }} * (1.00002368 + {{ t }} * (0.37409196 + {{ t }} * (0.09678418
        + {{ t }} * (-0.18628806 + {{ t }} * (0.27886807 + {{ t }} * (-1.13520398 + {{ t }} * (1.48851587
        + {{ t }} * (-0.82215223 + {{ t }} * 0.17087277))))))))
    )
{%- endmacro %}

{#- Rows of one topic as its mart states them; groups below the floor were not computed. -#}
{% macro group_outcomes(topic) -%}
    select
        group_dim,
        group_value,
        metric_id,
        cohort_start,
        cohort_end,
        newest_quarter,
        cast(numerator as bigint) as numerator,
        cast(denominator as bigint) as denominator,
        cast(persons as bigint) as persons,
        unit,
        value,
        value_fuzzy,
        value_lower,
        value_upper,
        reference_value,
        gap,
        gap_lower,
        gap_upper,
        ratio,
        p_value,
        q_value,
        matched_gap,
        cast(matched_persons as bigint) as matched_persons,
        is_flagged,
        is_wage_derived,
        '{{ var("rule_version") }}' as rule_version,
        {{ as_of() }} as as_of
    from {{ ref('int_groups__contrasted') }}
    where topic = '{{ topic }}'
{%- endmacro %}

{% macro group_contributors(topic) -%}
    select
        group_dim,
        group_value,
        metric_id,
        parent_group_id,
        persons,
        numerator_persons,
        amount_usd
    from {{ ref('int_groups__contributors') }}
    where topic = '{{ topic }}'
{%- endmacro %}
