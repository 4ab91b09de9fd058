-- One row per disbursement_id: its current state in the operator's books.
with reported as (
    {{ current_state('disbursement', ['disbursement_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    disbursement_id,
    program_id,
    cohort_id,
    payee_id,
    category as category_code,
    {{ safe_cast('amount_usd', 'decimal(18, 2)') }} as amount_usd,
    {{ safe_cast('incurred_on', 'date') }} as incurred_date,
    funding_source,
    {{ safe_cast('expires_on', 'date') }} as expires_date
from reported
