-- One row per metric × cohort quarter, with its maturity and the newest quarter it rests on.
with cohorts as (
    select
        reached.metric_id,
        reached.cohort_quarter,
        lags.waits_for,
        lags.needs_price,
        lags.quarters_after,
        {{ quarter_plus('reached.cohort_quarter', 'lags.quarters_after') }} as newest_quarter
    from {{ ref('int_cohorts__reached') }} as reached
    inner join {{ ref('metric_lags') }} as lags on reached.metric_id = lags.metric_id
),

arrived as (
    select contract, max(year_quarter) as newest_quarter
    from {{ ref('int_submissions__delivered') }}
    group by contract
),

owing as (
    select metric_id, cohort_quarter, cast(count(distinct firm_id) as integer) as outstanding_firms
    from {{ ref('int_cohorts__outstanding') }}
    group by metric_id, cohort_quarter
),

told as (
    select
        cohorts.*,
        coalesce(owing.outstanding_firms, 0) as outstanding_firms,
        {{ quarter_has_ended('cohorts.newest_quarter') }}
            and (cohorts.needs_price = 0 or coalesce(prices.months_available, 0) > 0) as is_lag_met,
        case
            when cohorts.waits_for = 'wage' then owing.outstanding_firms is null
            -- Not yet available is not a no: one exit without an answer keeps the cohort open.
            when cohorts.waits_for = 'ui_match' then coalesce(unmatched.unanswered_exits, 0) = 0
            else coalesce(arrived.newest_quarter >= cohorts.newest_quarter, false)
        end as is_delivered
    from cohorts
    left join arrived on cohorts.waits_for = arrived.contract
    left join owing on cohorts.metric_id = owing.metric_id and cohorts.cohort_quarter = owing.cohort_quarter
    left join {{ ref('int_cohorts__unmatched') }} as unmatched
        on cohorts.quarters_after = unmatched.quarters_after_exit
        and cohorts.cohort_quarter = unmatched.exit_quarter
    left join {{ ref('int_quarters__priced') }} as prices on cohorts.newest_quarter = prices.year_quarter
)

select
    metric_id,
    cohort_quarter,
    substr(cohort_quarter, 1, 4) as cohort_year,
    newest_quarter,
    outstanding_firms,
    case
        when not is_lag_met then 'NOT_YET'
        when not is_delivered then 'INCOMPLETE'
        else 'MATURE'
    end as maturity
from told
