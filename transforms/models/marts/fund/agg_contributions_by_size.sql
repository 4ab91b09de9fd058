-- One row per line of the firms' accounts with the fund × size class of firms, since the fund began.
select
    line,
    size_class,
    min(year_quarter) as first_quarter,
    max(year_quarter) as last_quarter,
    cast(count(distinct firm_id) as bigint) as firms,
    {{ sum_usd('amount_usd') }} as amount_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_fund__firm_lines') }}
group by line, size_class
