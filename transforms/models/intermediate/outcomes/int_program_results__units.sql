-- One row per metric × program year × population × program × person or period counted.
with funded as (
    select distinct participations.participation_id
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('stg_enrollment') }} as enrollments
        on participations.learner_key = enrollments.learner_key
        and participations.program_id = enrollments.program_id
        and enrollments.entry_date between participations.entry_date
        and coalesce(participations.exit_date, {{ end_of_time() }})
    where enrollments.funding_source in ('WIOA_ADULT', 'WIOA_DW', 'WIOA_YOUTH')
),

counted as (
    select
        cohorts.metric_id,
        cohorts.program_year,
        participations.program_id,
        units.unit_id,
        units.is_hit,
        units.measure,
        participations.entry_date,
        participations.participation_id,
        funded.participation_id is not null as is_wioa_funded
    from {{ ref('int_outcomes__by_unit') }} as units
    inner join {{ ref('int_program_results__cohorts') }} as cohorts
        on units.metric_id = cohorts.metric_id and units.cohort_quarter = cohorts.cohort_quarter
    inner join {{ ref('int_participations__described') }} as participations
        on units.participation_id = participations.participation_id
    left join funded on units.participation_id = funded.participation_id
),

populated as (
    select 'all' as population, counted.* from counted
    union all
    select 'wioa', counted.* from counted where is_wioa_funded
),

-- Somebody served in several quarters of the year is served once.
ranked as (
    select
        *,
        row_number() over (
            partition by metric_id, program_year, population, program_id, unit_id
            order by entry_date desc, participation_id desc
        ) as recency
    from populated
)

select metric_id, program_year, population, program_id, unit_id, is_hit, measure
from ranked
where recency = 1
