-- One row per credential (and all) × day on which somebody attained a next one: who was at risk, and the share that has.
with ended as (
    select
        credential,
        days,
        count(*) as leaving,
        {{ count_if('has_advanced') }} as advanced
    from {{ ref('int_ladder_steps__followed') }}
    group by credential, days
),

at_risk as (
    select
        *,
        sum(leaving) over (
            partition by credential order by days desc rows between unbounded preceding and current row
        ) as at_risk
    from ended
),

hazards as (
    select
        *,
        cast(advanced as double) / cast(at_risk as double) as hazard
    from at_risk
    where advanced > 0
)

select
    credential,
    days,
    at_risk,
    advanced,
    1 - {{ surviving_before('hazard', ['credential'], 'days') }} * (1 - hazard) as advanced_share
from hazards
