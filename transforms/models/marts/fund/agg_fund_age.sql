-- One row per quarter × cash source: how old the oldest unspent money is, and what should have lapsed by then.
select
    year_quarter as period,
    funding_source,
    cast(closing_usd as decimal(18, 2)) as closing_usd,
    oldest_quarter,
    cast(oldest_age_quarters as bigint) as oldest_age_quarters,
    cast(expiry_months as integer) as expiry_months,
    cast(coalesce(past_term_usd, 0) as decimal(18, 2)) as past_term_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_fund__aged') }}
