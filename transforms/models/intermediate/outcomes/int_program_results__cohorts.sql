-- One row per metric of the provider report × cohort quarter: the program year that reports it, and its maturity.
with reported as (
    select *
    from (
        values
            -- Program year N (1 July N to 30 June N + 1): people served and training ended in it.
            ('participants_served', -2),
            ('completion_rate', -2),
            -- Exits of the year before it.
            ('employment_rate_q2', 2),
            ('median_earnings_q2', 2),
            ('employment_rate_q2_wioa', 2),
            ('median_earnings_q2_wioa', 2),
            -- Exits of calendar year N - 1.
            ('employment_rate_q4', 4),
            ('employment_rate_q4_wioa', 4),
            ('retention_same_employer_q2_q4', 4),
            ('credential_attainment', 4),
            -- A cohort of skill gains is a program year already, named by its last quarter.
            ('measurable_skill_gains', -2)
    ) as shifts (metric_id, quarters_ahead)
)

select
    matured.metric_id,
    matured.cohort_quarter,
    matured.maturity,
    cast(floor(({{ quarter_index('matured.cohort_quarter') }} + reported.quarters_ahead) / 4.0) as integer) as program_year
from {{ ref('int_cohorts__matured') }} as matured
inner join reported on matured.metric_id = reported.metric_id
