-- One row per group (all seats, an occupation, a kind of role): how long its seats wait to be filled.
with counted as (
    select
        group_dim,
        group_value,
        min({{ quarter_of('start_date') }}) as first_quarter,
        max({{ quarter_of('start_date') }}) as last_quarter,
        sum(seats) as seats,
        sum(case when outcome = 'FILLED' then seats else 0 end) as filled_seats,
        sum(case when outcome = 'CANCELLED' then seats else 0 end) as cancelled_seats,
        sum(case when outcome = 'OPEN' then seats else 0 end) as open_seats
    from {{ ref('int_seats__grouped') }}
    group by group_dim, group_value
),

medians as (
    select
        group_dim,
        group_value,
        -- A share that should be exactly one half may miss it by a last digit of floating point.
        min(case when filled_share >= 0.5 - 1e-9 then waited_days end) as median_days,
        min(case when filled_share_if_censored >= 0.5 - 1e-9 then waited_days end) as median_days_if_censored
    from {{ ref('int_seats__by_day') }}
    group by group_dim, group_value
)

select
    counted.group_dim,
    counted.group_value,
    counted.first_quarter,
    counted.last_quarter,
    cast(counted.seats as bigint) as seats,
    cast(counted.filled_seats as bigint) as filled_seats,
    cast(counted.cancelled_seats as bigint) as cancelled_seats,
    cast(counted.open_seats as bigint) as open_seats,
    cast(medians.median_days as bigint) as median_days,
    cast(medians.median_days_if_censored as bigint) as median_days_if_censored,
    'approved_on, else opened_on' as starts_with,
    'accepted_on' as ends_with,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
left join medians on counted.group_dim = medians.group_dim and counted.group_value = medians.group_value
