-- One row per transfer_id: one movement of money within or out of the fund.
with reported as (
    {{ current_state('transfer', ['transfer_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    transfer_id,
    transfer_type as transfer_type_code,
    funding_source,
    {{ safe_cast('amount_usd', 'decimal(18, 2)') }} as amount_usd,
    {{ safe_cast('booked_on', 'date') }} as booked_date,
    from_firm_id,
    to_firm_id,
    from_program_id,
    to_program_id,
    other_fund,
    {{ safe_cast('expired_on', 'date') }} as expired_date,
    decision_id
from reported
