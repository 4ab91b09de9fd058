-- One row per SOC occupation of agg_skills_gap × parent firm: whose workers were assessed.
with people as (
    select distinct soc_code, parent_group_id, learner_key from {{ ref('int_skill_levels__at_work') }}
)

select
    soc_code,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from people
group by soc_code, parent_group_id
