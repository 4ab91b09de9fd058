-- One row per horizon × base quarter × group × parent firm of the movers whose pay is compared. Build zone only.
select
    horizon,
    base_quarter,
    group_dim,
    group_value,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    {{ count_if('is_upward') }} as numerator_persons,
    {{ sum_usd('destination_wages_usd') }} as amount_usd
from {{ ref('int_moves__grouped') }}
where is_upward is not null
group by horizon, base_quarter, group_dim, group_value, parent_group_id
