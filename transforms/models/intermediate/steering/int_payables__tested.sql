-- One row per performance term in force × cohort quarter it covers: the first test, the second, and the fee before holdback and cap.
with terms as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by term_id order by {{ in_force_first('effective_from') }}, submission_id desc
            ) as recency
        from {{ ref('stg_performance_term') }}
    ) as ranked
    where recency = 1 and effective_from <= {{ as_of() }}
),

first_tests as (
    select
        terms.*,
        figures.cohort_quarter,
        figures.newest_quarter,
        figures.maturity,
        figures.is_wage_derived,
        figures.numerator,
        figures.denominator,
        case
            when figures.maturity <> 'MATURE' then null
            else figures.denominator >= coalesce(terms.least_count, 1)
                and coalesce({{ meets('terms.direction_code', 'terms.tested_on_code', 'figures', 'terms.threshold') }}, false)
        end as is_met
    from terms
    inner join {{ ref('int_figures__by_cohort') }} as figures
        on terms.trigger_metric_id = figures.metric_id
        and terms.program_id = figures.member
        and figures.cohort_quarter between terms.cohort_start_quarter and terms.cohort_end_quarter
),

second_tests as (
    select
        first_tests.*,
        coalesce(seconds.is_wage_derived, false) as is_second_wage_derived,
        case
            when seconds.maturity = 'MATURE'
                then coalesce({{ meets('first_tests.direction_code', 'first_tests.tested_on_code', 'seconds', 'first_tests.second_threshold') }}, false)
        end as is_second_met
    from first_tests
    left join {{ ref('int_figures__by_cohort') }} as seconds
        on first_tests.second_metric_id = seconds.metric_id
        and first_tests.program_id = seconds.member
        and first_tests.cohort_quarter = seconds.cohort_quarter
),

charged as (
    select
        *,
        case
            when not is_met then cast(0 as decimal(18, 2))
            when is_met then cast(fee_usd * case fee_unit_code when 'PERSON' then numerator else 1 end as decimal(18, 2))
        end as whole_fee_usd
    from second_tests
),

split as (
    select
        *,
        cast(whole_fee_usd * coalesce(holdback_share, 0) as decimal(18, 2)) as held_usd
    from charged
)

select
    *,
    cast(whole_fee_usd - held_usd as decimal(18, 2)) as first_usd,
    case
        when is_met is null then 'NOT_MATURE'
        when not is_met then 'NOT_MET'
        when held_usd = 0 then 'DUE'
        when is_second_met is null then 'HELD_BACK'
        when is_second_met then 'DUE'
        else 'FORFEITED'
    end as state
from split
