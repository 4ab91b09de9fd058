-- One row per rate × member × cohort quarter: the limits that earlier mature cohorts set, the drift so far, and the verdict.
with figures as (
    select
        *,
        case
            when maturity <> 'MATURE' then 'IMMATURE'
            when
                denominator < {{ var('alert_least_persons') }}
                or numerator between 1 and {{ var('alert_least_persons') }} - 1
                or denominator - numerator between 1 and {{ var('alert_least_persons') }} - 1
                then 'SUPPRESSED'
        end as left_out_because
    from {{ ref('int_figures__by_cohort') }}
),

-- A chart is kept over mature cohorts that could be shown; the others are no point of it.
numbered as (
    select
        *,
        row_number() over (partition by metric_id, member order by cohort_quarter) as place,
        sum(numerator) over earlier as earlier_numerator,
        sum(denominator) over earlier as earlier_denominator
    from figures
    where left_out_because is null
    window earlier as (
        partition by metric_id, member order by cohort_quarter rows between unbounded preceding and 1 preceding
    )
),

based as (
    select
        *,
        cast(earlier_numerator as double) / nullif(cast(earlier_denominator as double), 0) as center,
        cast(sum(case when place <= {{ var('alert_baseline_cohorts') }} then numerator end) over chart as double)
            / nullif(cast(sum(case when place <= {{ var('alert_baseline_cohorts') }} then denominator end) over chart as double), 0)
            as base
    from numbered
    window chart as (partition by metric_id, member)
),

stepped as (
    select
        *,
        sqrt(center * (1 - center) / cast(denominator as double)) as standard_error,
        case
            when place > {{ var('alert_baseline_cohorts') }} and base > 0 and base < 1
                then (value - base) / sqrt(base * (1 - base) / cast(denominator as double))
        end as deviation
    from based
),

-- A sum that is cut at 0 is the running sum less the least it has been: no recursion.
summed as (
    select
        *,
        sum(coalesce(-deviation - {{ var('alert_cusum_slack') }}, 0)) over so_far as sum_low,
        sum(coalesce(deviation - {{ var('alert_cusum_slack') }}, 0)) over so_far as sum_high
    from stepped
    window so_far as (
        partition by metric_id, member order by cohort_quarter rows between unbounded preceding and current row
    )
),

drifted as (
    select
        *,
        sum_low - least(0, min(sum_low) over so_far) as drift_low,
        sum_high - least(0, min(sum_high) over so_far) as drift_high
    from summed
    window so_far as (
        partition by metric_id, member order by cohort_quarter rows between unbounded preceding and current row
    )
),

judged as (
    select
        figures.metric_id,
        figures.member,
        figures.cohort_quarter,
        figures.newest_quarter,
        figures.maturity,
        figures.is_wage_derived,
        figures.numerator,
        figures.denominator,
        coalesce(
            figures.left_out_because,
            case when drifted.place <= {{ var('alert_baseline_cohorts') }} then 'BASELINE' end
        ) as not_judged_because,
        drifted.value,
        drifted.center,
        greatest(0, drifted.center - {{ var('alert_sigmas') }} * drifted.standard_error) as lower_limit,
        least(1, drifted.center + {{ var('alert_sigmas') }} * drifted.standard_error) as upper_limit,
        drifted.drift_low,
        drifted.drift_high
    from figures
    left join drifted
        on figures.metric_id = drifted.metric_id
        and figures.member = drifted.member
        and figures.cohort_quarter = drifted.cohort_quarter
)

select
    *,
    -- A value that lies on a limit is within it; floating point may miss a limit by a last digit.
    case
        when not_judged_because is not null then 'NOT_JUDGED'
        when value < lower_limit - 1e-9 then 'LOW'
        when value > upper_limit + 1e-9 then 'HIGH'
        else 'WITHIN'
    end as p_chart_state,
    case
        when not_judged_because is not null then 'NOT_JUDGED'
        when drift_low > {{ var('alert_cusum_limit') }} + 1e-9 then 'LOW'
        when drift_high > {{ var('alert_cusum_limit') }} + 1e-9 then 'HIGH'
        else 'WITHIN'
    end as cusum_state
from judged
