-- One row per funding rule × period: the version in force, how many firms it reaches and how, and what it asks in sum.
select
    rule_id,
    rule_version as funding_rule_version,
    period,
    basis_code,
    cast(count(*) as bigint) as firms,
    {{ count_if('relief < 1') }} as relieved_firms,
    {{ count_if('is_at_floor') }} as firms_at_floor,
    {{ count_if('is_at_cap') }} as firms_at_cap,
    budget_usd,
    factor,
    is_feasible,
    case when is_feasible then {{ sum_usd('assessed_usd') }} end as assessed_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_assessments__charged') }}
group by rule_id, rule_version, period, basis_code, budget_usd, factor, is_feasible
