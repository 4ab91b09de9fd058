-- One row per metric × exit quarter × firm × quarter: a wage extract that a member firm still owes the cohort.
with needed as (
    select
        cohorts.metric_id,
        cohorts.cohort_quarter,
        employers.firm_id,
        employers.first_quarter,
        {{ quarter_plus('cohorts.cohort_quarter', 'wage_quarters.quarters_after_exit') }} as wage_quarter
    from {{ ref('int_cohorts__reached') }} as cohorts
    inner join {{ ref('metric_wage_quarters') }} as wage_quarters on cohorts.metric_id = wage_quarters.metric_id
    inner join {{ ref('int_cohorts__employers') }} as employers on cohorts.cohort_quarter = employers.exit_quarter
)

select
    needed.metric_id,
    needed.cohort_quarter,
    needed.firm_id,
    needed.wage_quarter
from needed
left join {{ ref('int_firms__current') }} as firms on needed.firm_id = firms.firm_id
left join {{ ref('int_submissions__delivered') }} as delivered
    on delivered.contract = 'wage'
    and needed.firm_id = delivered.firm_id
    and needed.wage_quarter = delivered.year_quarter
-- A firm owes the quarters at whose end it was a member.
where delivered.firm_id is null
    and needed.first_quarter <= needed.wage_quarter
    and coalesce(firms.joined_date, cast('0001-01-01' as date)) <= {{ quarter_last_day('needed.wage_quarter') }}
    and coalesce(firms.left_date, {{ end_of_time() }}) >= {{ quarter_last_day('needed.wage_quarter') }}
