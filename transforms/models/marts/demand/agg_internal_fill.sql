-- One row per kind of role (all, critical, other): of the seats filled by the announced day, how many from within.
with counted as (
    select
        group_value as role,
        max({{ quarter_of('end_date') }}) as last_quarter,
        min({{ quarter_of('end_date') }}) as first_quarter,
        sum(seats) as filled_seats,
        sum(case when fill_channel in ('INTERNAL_MOVE', 'PROMOTION') then seats else 0 end) as internal_seats
    from {{ ref('int_seats__grouped') }}
    where group_dim in ('all', 'role') and outcome = 'FILLED'
    group by group_value
)

select
    role,
    first_quarter,
    last_quarter,
    cast(filled_seats as bigint) as filled_seats,
    cast(internal_seats as bigint) as internal_seats,
    cast(internal_seats as double) / nullif(cast(filled_seats as double), 0) as internal_share,
    cast({{ wilson_lower('internal_seats', 'filled_seats') }} as double) as internal_lower,
    cast({{ wilson_upper('internal_seats', 'filled_seats') }} as double) as internal_upper,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
