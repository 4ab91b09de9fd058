-- One row per participation × program year spent in training toward a credential or employment: whether a gain was shown.
with program_years as (
    select
        year_quarter as cohort_quarter,
        {{ quarter_first_day(quarter_plus('year_quarter', '-3')) }} as first_date,
        last_date
    from {{ ref('int_quarters__priced') }}
    -- A program year runs from 1 July to 30 June and is named by its last quarter.
    where substr(year_quarter, 6, 1) = '2'
        and {{ quarter_first_day(quarter_plus('year_quarter', '-3')) }} <= {{ as_of() }}
),

enrollments as (
    select
        participations.participation_id,
        enrollments.enrolled_in_credential_program_date,
        enrollments.msg_efl_date,
        enrollments.msg_ps_transcript_date,
        enrollments.msg_sec_transcript_date,
        enrollments.msg_milestone_date,
        enrollments.msg_skills_progression_date
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('stg_enrollment') }} as enrollments
        on participations.learner_key = enrollments.learner_key
        and participations.program_id = enrollments.program_id
        and enrollments.entry_date between participations.entry_date
        and coalesce(participations.exit_date, {{ end_of_time() }})
    where not participations.is_exit_excluded
),

gains as (
    select participation_id, msg_efl_date as gain_date from enrollments
    union all
    select participation_id, msg_ps_transcript_date from enrollments
    union all
    select participation_id, msg_sec_transcript_date from enrollments
    union all
    select participation_id, msg_milestone_date from enrollments
    union all
    select participation_id, msg_skills_progression_date from enrollments
    union all
    select participations.participation_id, credentials.attained_date
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('stg_credential') }} as credentials
        on participations.learner_key = credentials.learner_key
        and coalesce(credentials.program_id, participations.program_id) = participations.program_id
        and credentials.attained_date between participations.entry_date
        and coalesce(participations.exit_date, {{ end_of_time() }})
    left join {{ ref('int_credential_definitions__current') }} as definitions
        on credentials.credential_id = definitions.credential_id
    where coalesce(credentials.credential_type_code, definitions.credential_type_code) = '1'
),

in_training as (
    select participation_id, min(enrolled_in_credential_program_date) as since_date
    from enrollments
    where enrolled_in_credential_program_date is not null
    group by participation_id
),

years as (
    select
        in_training.participation_id,
        program_years.cohort_quarter,
        program_years.first_date,
        program_years.last_date
    from in_training
    inner join {{ ref('int_participations__described') }} as participations
        on in_training.participation_id = participations.participation_id
    inner join program_years
        on in_training.since_date <= program_years.last_date
        and coalesce(participations.exit_date, {{ end_of_time() }}) >= program_years.first_date
)

select
    years.participation_id,
    years.cohort_quarter,
    max(case when gains.gain_date is not null then 1 else 0 end) = 1 as has_gain
from years
left join gains
    on years.participation_id = gains.participation_id
    and gains.gain_date between years.first_date and years.last_date
group by years.participation_id, years.cohort_quarter
