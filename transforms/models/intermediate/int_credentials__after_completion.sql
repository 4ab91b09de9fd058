-- One row per participation with completed training: whether any credential of its program came within a year of the end.
with completed as (
    select * from {{ ref('int_participations__described') }}
    where training_completed = 1 and training_end_date is not null
),

attained as (
    select distinct completed.participation_id
    from completed
    inner join {{ ref('stg_credential') }} as credentials
        on completed.learner_key = credentials.learner_key
        and coalesce(credentials.program_id, completed.program_id) = completed.program_id
        and credentials.attained_date between completed.entry_date and {{ year_after('completed.training_end_date') }}
    left join {{ ref('int_credential_definitions__current') }} as definitions
        on credentials.credential_id = definitions.credential_id
    -- 0 says that what was given is no credential.
    where coalesce(credentials.credential_type_code, definitions.credential_type_code, '0') <> '0'
)

select
    completed.participation_id,
    attained.participation_id is not null as has_any_credential
from completed
left join attained on completed.participation_id = attained.participation_id
