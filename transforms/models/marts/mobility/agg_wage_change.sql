-- One row per horizon × base quarter × kind of job (all, same employer, another): the median change of real quarterly pay.
with counted as (
    select
        horizon,
        base_quarter,
        employer,
        is_newest,
        max(last_quarter) as last_quarter,
        max(base_price_period) as base_price_period,
        cast(count(*) as bigint) as persons,
        {{ exact_median('real_change_usd') }} as median_change_usd,
        ({{ exact_quantile('real_change_usd', 0.45) }} + {{ exact_quantile('real_change_usd', 0.55) }}) / 2
            as fuzzy_median_usd,
        {{ order_statistic('real_change_usd', median_lower_rank('count(*)')) }} as median_lower_usd,
        {{ order_statistic('real_change_usd', median_upper_rank('count(*)')) }} as median_upper_usd
    from {{ ref('int_later_jobs__changed') }}
    group by horizon, base_quarter, employer, is_newest
)

select
    counted.horizon,
    counted.base_quarter,
    counted.employer,
    counted.last_quarter as newest_quarter,
    counted.is_newest,
    counted.persons,
    counted.median_change_usd,
    counted.fuzzy_median_usd,
    counted.median_lower_usd,
    counted.median_upper_usd,
    counted.base_price_period,
    case when owed.extracts_owed > 0 then 'INCOMPLETE' else 'MATURE' end as maturity,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
left join {{ ref('int_mobility_windows__outstanding') }} as owed
    on counted.horizon = owed.horizon and counted.base_quarter = owed.base_quarter
