-- One row per quarter × parent firm whose programs trained them.
select
    year_quarter,
    parent_group_id,
    cast(count(distinct learner_key) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_supply__by_quarter') }}
group by year_quarter, parent_group_id
