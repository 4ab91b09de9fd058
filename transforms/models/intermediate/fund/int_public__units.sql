-- One row per base of a benefit to public partners × person counted in it × parent firm: wages paid to people who left training.
with mature as (
    select * from {{ ref('int_cohorts__matured') }}
    where maturity = 'MATURE'
),

wages as (
    select
        case units.metric_id when 'median_earnings_q2' then 'wages_q2' else 'separations' end as base_id,
        units.cohort_quarter,
        mature.newest_quarter,
        units.participation_id,
        units.parent_group_id,
        outcomes.wages_q2_usd
    from {{ ref('int_outcomes__by_unit') }} as units
    inner join mature on units.metric_id = mature.metric_id and units.cohort_quarter = mature.cohort_quarter
    inner join {{ ref('int_outcomes__by_participation') }} as outcomes
        on units.participation_id = outcomes.participation_id
    where
        units.metric_id = 'median_earnings_q2'
        -- Somebody who was no longer with the employer of the second quarter two quarters later has separated.
        or (units.metric_id = 'retention_same_employer_q2_q4' and not units.is_hit)
)

select
    base_id,
    cohort_quarter,
    newest_quarter,
    participation_id,
    parent_group_id,
    cast(coalesce(wages_q2_usd, 0) as decimal(18, 2)) as wages_usd
from wages
