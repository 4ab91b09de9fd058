-- One row per exit quarter × firm that employed one of its exiters since entry, with the first such quarter.
with exits as (
    select * from {{ ref('int_participations__described') }} where exit_date is not null and not is_exit_excluded
),

paid as (
    select exits.exit_quarter, wages.firm_id, wages.year_quarter as employed_quarter
    from exits
    inner join {{ ref('int_wages__by_person_firm_quarter') }} as wages on exits.learner_key = wages.learner_key
    where wages.wages_usd > 0 and wages.year_quarter >= exits.entry_quarter
),

placed as (
    select
        exits.exit_quarter,
        placements.firm_id,
        greatest(exits.entry_quarter, {{ quarter_of('placements.job_start_date') }}) as employed_quarter
    from exits
    inner join {{ ref('stg_placement') }} as placements on exits.learner_key = placements.learner_key
    where coalesce(placements.job_end_date, {{ end_of_time() }}) >= exits.entry_date
),

-- An enrollment that names its firm names the employer at entry.
sponsored as (
    select exits.exit_quarter, enrollments.firm_id, exits.entry_quarter as employed_quarter
    from exits
    inner join {{ ref('stg_enrollment') }} as enrollments
        on exits.learner_key = enrollments.learner_key and exits.program_id = enrollments.program_id
    where enrollments.firm_id is not null
        and enrollments.entry_date between exits.entry_date and exits.exit_date
)

select
    exit_quarter,
    firm_id,
    min(employed_quarter) as first_quarter
from (
    select * from paid
    union all
    select * from placed
    union all
    select * from sponsored
) as employed
group by exit_quarter, firm_id
