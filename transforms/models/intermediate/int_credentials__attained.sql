-- One row per participation with an exit: what was attained from entry to one year after exit, and whether it counts.
with exits as (
    select * from {{ ref('int_participations__described') }} where exit_date is not null
),

credentials as (
    select
        credentials.*,
        coalesce(credentials.credential_type_code, definitions.credential_type_code) as type_code
    from {{ ref('stg_credential') }} as credentials
    left join {{ ref('int_credential_definitions__current') }} as definitions
        on credentials.credential_id = definitions.credential_id
),

attained as (
    select
        exits.participation_id,
        max(case when credentials.type_code in ('2', '3', '4', '5', '6', '7') then 1 else 0 end) = 1 as has_postsecondary,
        max(case when credentials.type_code = '1' then 1 else 0 end) = 1 as has_secondary_diploma
    from exits
    inner join credentials
        on exits.learner_key = credentials.learner_key
        and coalesce(credentials.program_id, exits.program_id) = exits.program_id
        and credentials.attained_date between exits.entry_date and {{ year_after('exits.exit_date') }}
    group by exits.participation_id
),

employed as (
    select distinct participation_id from {{ ref('int_employment__after_exit') }} where is_employed and quarters_after_exit <= 4
),

-- Studying toward a postsecondary credential (PIRL 1304 = 1 to 6) on any day of the year after exit.
studying as (
    select distinct exits.participation_id
    from exits
    inner join {{ ref('stg_enrollment') }} as enrollments
        on exits.learner_key = enrollments.learner_key
        and enrollments.entry_date <= {{ year_after('exits.exit_date') }}
        and coalesce(enrollments.exit_date, {{ end_of_time() }}) > exits.exit_date
    where {{ holds_any_of('enrollments.program_of_study_outcome_codes', '123456') }}
),

judged as (
    select
        exits.participation_id,
        coalesce(attained.has_postsecondary, false) as has_postsecondary,
        coalesce(attained.has_secondary_diploma, false) as has_secondary_diploma,
        employed.participation_id is not null or studying.participation_id is not null as is_working_or_studying_after
    from exits
    left join attained on exits.participation_id = attained.participation_id
    left join employed on exits.participation_id = employed.participation_id
    left join studying on exits.participation_id = studying.participation_id
)

select
    *,
    has_postsecondary or (has_secondary_diploma and is_working_or_studying_after) as has_counted_credential
from judged
