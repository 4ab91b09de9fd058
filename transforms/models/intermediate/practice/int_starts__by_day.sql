-- One row per milestone × group × day on which somebody reached it: who was at risk, and the share that has reached it.
with ended as (
    select
        metric_id,
        group_dim,
        group_value,
        days,
        count(*) as leaving,
        {{ count_if('is_reached') }} as reached
    from {{ ref('int_starts__followed') }}
    group by metric_id, group_dim, group_value, days
),

at_risk as (
    select
        *,
        sum(leaving) over (
            partition by metric_id, group_dim, group_value order by days desc
            rows between unbounded preceding and current row
        ) as at_risk
    from ended
),

hazards as (
    select
        *,
        cast(reached as double) / cast(at_risk as double) as hazard
    from at_risk
    where reached > 0
)

select
    metric_id,
    group_dim,
    group_value,
    days,
    at_risk,
    reached,
    -- Kaplan and Meier.
    1 - {{ surviving_before('hazard', ['metric_id', 'group_dim', 'group_value'], 'days') }} * (1 - hazard) as reached_share
from hazards
