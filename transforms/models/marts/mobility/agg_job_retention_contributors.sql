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
from (
    select 'all' as group_dim, 'all' as group_value, jobs.* from {{ ref('int_jobs__after_horizon') }} as jobs
    union all
    select 'area', area_code, jobs.* from {{ ref('int_jobs__after_horizon') }} as jobs
) as grouped
group by horizon, base_quarter, group_dim, group_value, parent_group_id
