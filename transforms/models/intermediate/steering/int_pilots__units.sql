-- One row per pilot × unit of its criterion's rate: whoever was enrolled under the pilot's cohort.
with pilots as (
    select * from {{ ref('stg_cohort') }}
    where cohort_kind_code = 'PILOT' and registered_date <= {{ as_of() }}
),

members as (
    select distinct
        enrollments.cohort_id,
        participations.participation_id
    from {{ ref('stg_enrollment') }} as enrollments
    inner join {{ ref('int_participations__merged') }} as participations
        on enrollments.learner_key = participations.learner_key
        and enrollments.program_id = participations.program_id
        and enrollments.entry_date between participations.entry_date
        and coalesce(participations.exit_date, {{ end_of_time() }})
    where enrollments.cohort_id is not null
)

select
    pilots.cohort_id,
    units.metric_id,
    units.participation_id,
    units.parent_group_id,
    units.is_hit,
    cohorts.newest_quarter,
    cohorts.maturity
from pilots
inner join members on pilots.cohort_id = members.cohort_id
inner join {{ ref('int_outcomes__by_unit') }} as units
    on members.participation_id = units.participation_id
    and pilots.criterion_metric_id = units.metric_id
    and units.is_hit is not null
inner join {{ ref('int_cohorts__matured') }} as cohorts
    on units.metric_id = cohorts.metric_id and units.cohort_quarter = cohorts.cohort_quarter
