-- One row per program_id, registered or enrolled in: its version in force on the announced day.
with enrolled as (
    select distinct program_id from {{ ref('int_participations__merged') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by program_id
            order by {{ in_force_first('effective_from') }}, submission_id desc
        ) as recency
    from {{ ref('stg_program') }}
),

registered as (
    select * from ranked where recency = 1
)

-- A program that a later register no longer lists keeps its participants, under its id.
select
    coalesce(registered.program_id, enrolled.program_id) as program_id,
    registered.ctid,
    coalesce(registered.program_name, enrolled.program_id) as program_name,
    registered.provider_id,
    registered.cip_code,
    registered.soc_codes,
    registered.credential_ids,
    registered.delivery_mode,
    registered.wbl_type,
    registered.weeks,
    registered.clock_hours,
    registered.tuition_usd,
    registered.effective_from,
    registered.effective_to,
    enrolled.program_id is not null as has_participants
from registered
full outer join enrolled on registered.program_id = enrolled.program_id
