-- One row per kind of role × parent firm: whose seats were filled.
select
    group_value as role,
    parent_group_id,
    cast(sum(seats) as bigint) as persons,
    cast(sum(case when fill_channel in ('INTERNAL_MOVE', 'PROMOTION') then seats else 0 end) as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_seats__grouped') }}
where group_dim in ('all', 'role') and outcome = 'FILLED'
group by group_value, parent_group_id
