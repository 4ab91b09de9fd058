-- One row per agreement_id × agreement_version: one version of one firm's agreement.
with reported as (
    {{ lake_rows('membership_agreement') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    agreement_id,
    agreement_version,
    firm_id,
    {{ safe_cast('signed_on', 'date') }} as signed_date,
    {{ safe_cast('effective_from', 'date') }} as effective_from,
    {{ safe_cast('effective_to', 'date') }} as effective_to,
    document_hash,
    {{ safe_cast('permits_reporting', 'integer') }} as permits_reporting,
    {{ safe_cast('permits_evaluation', 'integer') }} as permits_evaluation,
    {{ safe_cast('permits_ui_match', 'integer') }} as permits_ui_match,
    {{ safe_cast('permits_research', 'integer') }} as permits_research,
    {{ safe_cast('comparison_pool_opt_in', 'integer') }} as comparison_pool_opt_in,
    comparison_clause_id,
    {{ safe_cast('comparison_opted_in_on', 'date') }} as comparison_opted_in_date,
    {{ safe_cast('comparison_opted_out_on', 'date') }} as comparison_opted_out_date,
    {{ safe_cast('retention_years', 'integer') }} as retention_years,
    {{ safe_cast('withdrawal_notice_days', 'integer') }} as withdrawal_notice_days
from reported
