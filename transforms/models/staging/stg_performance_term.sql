-- One row per term_id × effective_from: one version of a term paid by result.
with reported as (
    {{ lake_rows('performance_term') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    term_id,
    program_id,
    payee_type as payee_type_code,
    payee_id,
    decision_id,
    trigger_metric_id,
    direction as direction_code,
    {{ safe_cast('threshold', 'decimal(16, 4)') }} as threshold,
    tested_on as tested_on_code,
    {{ safe_cast('least_n', 'integer') }} as least_count,
    cohort_start as cohort_start_quarter,
    cohort_end as cohort_end_quarter,
    {{ safe_cast('fee_usd', 'decimal(18, 2)') }} as fee_usd,
    fee_unit as fee_unit_code,
    {{ safe_cast('cap_usd', 'decimal(18, 2)') }} as cap_usd,
    {{ safe_cast('holdback_share', 'decimal(7, 6)') }} as holdback_share,
    second_metric_id,
    {{ safe_cast('second_threshold', 'decimal(16, 4)') }} as second_threshold,
    {{ safe_cast('warranty_months', 'integer') }} as warranty_months,
    {{ safe_cast('effective_from', 'date') }} as effective_from,
    {{ safe_cast('effective_to', 'date') }} as effective_to
from reported
