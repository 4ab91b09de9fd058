-- One row per tier_id × gate_metric_id × valid_from: one gate of a tier.
with reported as (
    {{ lake_rows('funding_tier') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    tier_id,
    {{ safe_cast('tier_level', 'integer') }} as tier_level,
    rule_version,
    decision_id,
    program_id,
    gate_metric_id,
    direction as direction_code,
    {{ safe_cast('threshold', 'decimal(16, 4)') }} as threshold,
    tested_on as tested_on_code,
    {{ safe_cast('least_n', 'integer') }} as least_count,
    {{ safe_cast('cohorts_needed', 'integer') }} as cohorts_needed,
    evidence_level as evidence_level_code,
    {{ safe_cast('opens_share', 'decimal(7, 6)') }} as opens_share,
    {{ safe_cast('opens_usd', 'decimal(18, 2)') }} as opens_usd,
    {{ safe_cast('valid_from', 'date') }} as valid_from,
    {{ safe_cast('valid_to', 'date') }} as valid_to
from reported
