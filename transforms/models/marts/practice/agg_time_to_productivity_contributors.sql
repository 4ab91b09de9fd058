-- One row per milestone × group of jobs × parent firm: whose jobs they are.
select
    metric_id,
    group_dim,
    group_value,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    {{ count_if('is_reached') }} as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_starts__followed') }}
group by metric_id, group_dim, group_value, parent_group_id
