-- One row per participation × topic × dimension: the group it belongs to, and the group it is held against if that is fixed.
{%- set traits = ['sex', 'race_ethnicity', 'age', 'disability', 'standing', 'single_parent', 'low_income', 'ell',
    'basic_skills_deficient', 'ex_offender', 'long_term_unemployed'] %}
with told as (
{% for trait in traits %}
{{ groups_of(ref('int_people__traits'), 'equity', trait) }}
union all
{% endfor %}
select participation_id, 'support', support, standing, 'unmet'
from {{ ref('int_supports__by_participation') }}
union all
{{ groups_of(ref('int_incentives__by_participation'), 'incentive', 'incentive', 'none') }}
union all
{{ groups_of(ref('int_incentives__by_participation'), 'incentive', 'incentive_type', 'none') }}
union all
{{ groups_of(ref('int_mentoring__by_participation'), 'mentoring', 'mentoring_dose', 'none') }}
union all
{{ groups_of(ref('int_mentoring__by_participation'), 'mentoring', 'mentoring_mode', 'none') }}
union all
{{ groups_of(ref('int_delivery__by_participation'), 'delivery', 'delivery_mode', 'in_person') }}
union all
{{ groups_of(ref('int_delivery__by_participation'), 'delivery', 'work_based_learning', 'none') }}
),

sized as (
    select
        *,
        count(*) over (partition by topic, group_dim, group_value) as people
    from told
)

-- A group that could not be shown alone, and whoever gave no answer, stand together; nobody is held against them.
select
    participation_id,
    topic,
    group_dim,
    case
        when group_value = 'undisclosed' or people < {{ var('pool_below') }} then 'undisclosed_or_small'
        else group_value
    end as group_value,
    reference_value
from sized
