-- One row per unit of cost: the run of mature cohorts it is stated for, as far as the fund's spending is known.
with units as (
    select *
    from (
        values
            ('participant', 'participants_served'),
            ('completer', 'completion_rate'),
            ('placement_q2', 'employment_rate_q2')
    ) as pairs (unit, metric_id)
),

spending_known as (
    select coalesce(max(year_quarter), '0000Q0') as last_quarter
    from {{ ref('int_submissions__delivered') }}
    where contract = 'disbursement'
),

-- The run ends before the first cohort that is not mature: money cannot be matched to cohorts on both sides of a gap.
gaps as (
    select metric_id, min(cohort_quarter) as first_gap
    from {{ ref('int_cohorts__matured') }}
    where maturity <> 'MATURE'
    group by metric_id
),

cohorts as (
    select
        units.unit,
        matured.metric_id,
        matured.cohort_quarter,
        matured.newest_quarter,
        matured.cohort_quarter < coalesce(gaps.first_gap, '9999Q4')
            and matured.cohort_quarter <= spending_known.last_quarter as is_in_run
    from units
    inner join {{ ref('int_cohorts__matured') }} as matured on units.metric_id = matured.metric_id
    left join gaps on matured.metric_id = gaps.metric_id
    cross join spending_known
)

select
    unit,
    metric_id,
    case when max(case when is_in_run then 1 else 0 end) = 1 then 'MATURE' else 'NOT_YET' end as maturity,
    coalesce(min(case when is_in_run then cohort_quarter end), min(cohort_quarter)) as cohort_start,
    coalesce(max(case when is_in_run then cohort_quarter end), max(cohort_quarter)) as cohort_end,
    coalesce(max(case when is_in_run then newest_quarter end), max(newest_quarter)) as newest_quarter
from cohorts
group by unit, metric_id
