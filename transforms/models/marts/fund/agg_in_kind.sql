-- One row per category of what was given in kind, since the fund began, at its stated value.
select
    category_code,
    min(year_quarter) as first_quarter,
    max(year_quarter) as last_quarter,
    cast(count(*) as bigint) as gifts,
    cast(count(distinct valuation_method) as bigint) as valuation_methods,
    {{ sum_usd('amount_usd') }} as in_kind_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_in_kind__given') }}
group by category_code
