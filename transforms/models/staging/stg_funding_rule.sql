-- One row per rule_id × rule_version: one version of a funding rule.
with reported as (
    {{ lake_rows('funding_rule') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    rule_id,
    rule_version,
    decision_id,
    billed_party as billed_party_code,
    basis as basis_code,
    {{ safe_cast('payroll_rate', 'decimal(7, 6)') }} as payroll_rate,
    {{ safe_cast('payroll_exempt_usd', 'decimal(18, 2)') }} as payroll_exempt_usd,
    {{ safe_cast('per_head_usd', 'decimal(18, 2)') }} as per_head_usd,
    {{ safe_cast('benefit_rate', 'decimal(7, 6)') }} as benefit_rate,
    {{ safe_cast('flat_usd', 'decimal(18, 2)') }} as flat_usd,
    {{ safe_cast('floor_usd', 'decimal(18, 2)') }} as floor_usd,
    {{ safe_cast('cap_usd', 'decimal(18, 2)') }} as cap_usd,
    {{ safe_cast('budget_usd', 'decimal(18, 2)') }} as budget_usd,
    {{ safe_cast('relief_size_1', 'decimal(7, 6)') }} as relief_size_1,
    {{ safe_cast('relief_size_2', 'decimal(7, 6)') }} as relief_size_2,
    {{ safe_cast('relief_size_3', 'decimal(7, 6)') }} as relief_size_3,
    assessed_every as assessed_every_code,
    {{ safe_cast('expiry_months', 'integer') }} as expiry_months,
    {{ safe_cast('match_ratio', 'decimal(7, 4)') }} as match_ratio,
    matched_by as matched_by_code,
    {{ safe_cast('admin_cap', 'decimal(7, 6)') }} as admin_cap,
    {{ safe_cast('reserve_floor', 'decimal(7, 6)') }} as reserve_floor,
    {{ safe_cast('cycle_beta', 'decimal(7, 4)') }} as cycle_beta,
    {{ safe_cast('outlay_factor_least', 'decimal(7, 4)') }} as outlay_factor_least,
    {{ safe_cast('outlay_factor_most', 'decimal(7, 4)') }} as outlay_factor_most,
    {{ safe_cast('effective_from', 'date') }} as effective_from,
    {{ safe_cast('effective_to', 'date') }} as effective_to
from reported
