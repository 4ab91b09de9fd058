-- One row per row of agg_fill_channels × parent firm whose seats they are. Build zone only.
with counted as (
    select channel, parent_group_id, seats from {{ ref('int_seats__by_channel') }}
    union all
    select 'saved', parent_group_id, seats from {{ ref('int_seats__by_channel') }}
)

select
    channel,
    parent_group_id,
    cast(sum(seats) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from counted
group by channel, parent_group_id
