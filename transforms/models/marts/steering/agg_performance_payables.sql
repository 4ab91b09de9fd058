-- One row per performance term × cohort quarter it covers: tested when mature, what is due, held back or forfeited.
select
    term_id,
    program_id,
    payee_type_code,
    payee_id,
    trigger_metric_id as metric_id,
    cohort_quarter,
    newest_quarter,
    maturity,
    threshold,
    tested_on_code,
    case when is_met is not null then numerator end as numerator,
    case when is_met is not null then denominator end as denominator,
    state,
    fee_usd,
    fee_unit_code,
    cast(coalesce(holdback_share, 0) as decimal(7, 6)) as holdback_share,
    due_usd,
    pending_usd,
    forfeited_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_payables__capped') }}
