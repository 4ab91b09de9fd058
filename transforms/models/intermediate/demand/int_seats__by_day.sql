-- One row per group × day of waiting on which a seat was filled or cancelled: who was at risk, and both curves so far.
with ended as (
    select
        group_dim,
        group_value,
        waited_days,
        sum(seats) as leaving,
        sum(case when outcome = 'FILLED' then seats else 0 end) as filled,
        sum(case when outcome = 'CANCELLED' then seats else 0 end) as cancelled
    from {{ ref('int_seats__grouped') }}
    group by group_dim, group_value, waited_days
),

at_risk as (
    select
        *,
        sum(leaving) over (
            partition by group_dim, group_value order by waited_days desc
            rows between unbounded preceding and current row
        ) as at_risk
    from ended
),

hazards as (
    select
        *,
        cast(filled as double) / cast(at_risk as double) as filling,
        cast(filled + cancelled as double) / cast(at_risk as double) as ending
    from at_risk
    where filled + cancelled > 0
),

waiting as (
    select
        *,
        {{ surviving_before('ending', ['group_dim', 'group_value'], 'waited_days') }} as open_before,
        {{ surviving_before('filling', ['group_dim', 'group_value'], 'waited_days') }} as unfilled_before
    from hazards
)

select
    group_dim,
    group_value,
    waited_days,
    at_risk,
    filled,
    cancelled,
    -- Aalen and Johansen: of all seats, the share filled by this day, cancelling being another way to end.
    sum(open_before * filling) over (
        partition by group_dim, group_value order by waited_days
        rows between unbounded preceding and current row
    ) as filled_share,
    -- Kaplan and Meier: the share filled if cancelled seats had merely been lost from sight.
    1 - unfilled_before * (1 - filling) as filled_share_if_censored
from waiting
