-- One row per quarter, the next one included: the outlay that leans against the cycle, the outlay without the rule, and all parameters.
select
    year_quarter as period,
    rule_id,
    funding_rule_version,
    unemployment_quarter,
    unemployment_rate,
    cast(unemployment_mean as double) as unemployment_mean,
    cast(quarters_in_mean as bigint) as quarters_in_mean,
    cast(cycle_beta as decimal(7, 4)) as cycle_beta,
    cast(factor_least as decimal(7, 4)) as factor_least,
    cast(factor_most as decimal(7, 4)) as factor_most,
    cast(reserve_floor as decimal(7, 6)) as reserve_floor,
    cast(factor as decimal(18, 12)) as factor,
    base_usd,
    opening_usd,
    outlay_usd,
    outlay_without_usd,
    disbursed_usd,
    case when factor is null then 'NOT_ENOUGH_DATA' else 'STATED' end as state,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_outlay__reckoned') }}
