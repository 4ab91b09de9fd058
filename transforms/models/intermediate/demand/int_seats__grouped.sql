-- One row per requisition line × group that its waiting time is stated for: all seats, the occupation, the kind
-- of role, the firm's place in the value chain.
with seats as (
    select * from {{ ref('int_seats__resolved') }}
)

select 'all' as group_dim, 'all' as group_value, seats.* from seats
union all
select 'occupation', soc_code, seats.* from seats
union all
select 'role', case when is_critical_role then 'critical' else 'other' end, seats.* from seats
union all
select 'tier', value_chain_tier, seats.* from seats
