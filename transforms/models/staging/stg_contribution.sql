-- One row per contribution_id: its current state in the operator's books.
with reported as (
    {{ current_state('contribution', ['contribution_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    contribution_id,
    firm_id,
    period as assessed_quarter,
    {{ safe_cast('basis_amount_usd', 'decimal(18, 2)') }} as basis_amount_usd,
    {{ safe_cast('assessed_usd', 'decimal(18, 2)') }} as assessed_usd,
    {{ safe_cast('paid_on', 'date') }} as paid_date,
    {{ safe_cast('amount_usd', 'decimal(18, 2)') }} as amount_usd,
    kind as kind_code,
    in_kind_category as in_kind_category_code,
    valuation_method,
    matched_by as matched_by_code,
    {{ safe_cast('match_amount_usd', 'decimal(18, 2)') }} as match_amount_usd,
    restricted_to_program_id
from reported
