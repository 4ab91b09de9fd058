-- One row per group of agg_time_to_fill × parent firm: whose seats they are.
select
    group_dim,
    group_value,
    parent_group_id,
    cast(sum(seats) as bigint) as persons,
    cast(sum(case when outcome = 'FILLED' then seats else 0 end) as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_seats__grouped') }}
group by group_dim, group_value, parent_group_id
