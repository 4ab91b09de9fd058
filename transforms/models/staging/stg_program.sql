-- One row per program_id × effective_from: one version of a program in the register.
with reported as (
    {{ lake_rows('program') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    program_id,
    ctid,
    name as program_name,
    provider_id,
    cip_2020 as cip_code,
    soc_codes,
    credential_ids,
    delivery_mode,
    wbl_type,
    {{ safe_cast('clock_hours', 'decimal(7, 2)') }} as clock_hours,
    {{ safe_cast('weeks', 'integer') }} as weeks,
    {{ safe_cast('tuition_usd', 'decimal(18, 2)') }} as tuition_usd,
    {{ safe_cast('fees_usd', 'decimal(18, 2)') }} as fees_usd,
    {{ safe_cast('books_usd', 'decimal(18, 2)') }} as books_usd,
    {{ safe_cast('supplies_usd', 'decimal(18, 2)') }} as supplies_usd,
    {{ safe_cast('effective_from', 'date') }} as effective_from,
    {{ safe_cast('effective_to', 'date') }} as effective_to,
    replaced_by as replaced_by_program_id
from reported
