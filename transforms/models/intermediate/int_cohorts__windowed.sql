-- One row per metric × window × cohort quarter pooled in it: each quarter, each calendar year, and all of them.
with cohorts as (
    select * from {{ ref('int_cohorts__matured') }}
),

kinds as (
    select *, 'quarter' as window_kind, cohort_quarter as window_name from cohorts
    union all
    select *, 'year', cohort_year from cohorts
    union all
    select *, 'all', 'all' from cohorts
),

counted as (
    select
        *,
        sum(case when maturity = 'MATURE' then 1 else 0 end) over named_window as mature_cohorts,
        sum(case when maturity = 'INCOMPLETE' then 1 else 0 end) over named_window as incomplete_cohorts
    from kinds
    window named_window as (partition by metric_id, window_kind, window_name)
),

-- A pool holds mature cohorts only; where there is none it holds what there is, and says so.
pooled as (
    select
        *,
        case
            when mature_cohorts > 0 then 'MATURE'
            when incomplete_cohorts > 0 then 'INCOMPLETE'
            else 'NOT_YET'
        end as window_maturity
    from counted
    where mature_cohorts = 0 or maturity = 'MATURE'
)

select
    metric_id,
    window_kind,
    cohort_quarter,
    window_maturity as maturity,
    min(cohort_quarter) over (partition by metric_id, window_kind, window_name) as cohort_start,
    max(cohort_quarter) over (partition by metric_id, window_kind, window_name) as cohort_end,
    max(newest_quarter) over (partition by metric_id, window_kind, window_name) as newest_quarter
from pooled
