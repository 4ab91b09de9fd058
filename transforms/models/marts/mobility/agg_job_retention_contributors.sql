-- One row per horizon × base quarter × group × parent firm. Build zone only: a rate by origin never leaves it.
select
    horizon,
    base_quarter,
    group_dim,
    group_value,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    {{ count_if('is_observed') }} as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_later_jobs__grouped') }}
group by horizon, base_quarter, group_dim, group_value, parent_group_id
