-- One row per program_id, registered or enrolled in.
select
    program_id,
    ctid,
    program_name as name,
    provider_id,
    cip_code,
    delivery_mode,
    wbl_type,
    weeks,
    clock_hours,
    cast(tuition_usd as decimal(18, 2)) as tuition_usd,
    effective_from,
    effective_to,
    has_participants
from {{ ref('int_programs__current') }}
