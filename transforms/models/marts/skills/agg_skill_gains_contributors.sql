-- One row per competency (and all) × parent firm: whose learners were assessed.
select
    competency,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    {{ count_if('passed_after') }} as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_skill_gains__grouped') }}
group by competency, parent_group_id
