-- One row per gate of a funding tier × program: passed, failed, or not enough data, and why.
select
    tier_id,
    cast(tier_level as integer) as tier_level,
    tier_rule_version,
    program_id,
    metric_id,
    direction_code,
    threshold,
    tested_on_code,
    least_count,
    cohorts_needed,
    evidence_level_code,
    cohorts,
    cohort_start,
    cohort_end,
    newest_quarter,
    is_wage_derived,
    numerator,
    denominator,
    case
        when missing is not null then 'NOT_ENOUGH_DATA'
        when is_met then 'PASS'
        else 'FAIL'
    end as decision,
    missing,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_tiers__gates') }}
