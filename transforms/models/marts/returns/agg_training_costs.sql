-- One row per funding source × category of cost: what training took of it, in prices of the base quarter, bought equipment as used.
with base as (
    select price_index as base_price, year_quarter as base_quarter
    from {{ ref('int_quarters__priced') }}
    where is_base
),

serving as (
    select cast(max(central) as integer) * 4 as quarters
    from {{ ref('return_assumptions') }}
    where assumption_id = 'equipment_life_years'
),

used as (
    select
        costs.*,
        -- What was given in kind is valued at its use already.
        case
            when costs.category_code = 'EQUIPMENT' and costs.funding_source <> 'IN_KIND'
                then least(
                    1.0,
                    cast({{ quarter_index('costs.cohort_end') }} - {{ quarter_index('costs.year_quarter') }} + 1 as double)
                    / serving.quarters
                )
            else 1.0
        end as used_share
    from {{ ref('int_training_costs__booked') }} as costs
    cross join serving
)

select
    used.funding_source,
    used.category_code,
    used.cohort_start,
    used.cohort_end,
    used.newest_quarter,
    used.maturity,
    base.base_quarter as base_price_period,
    {{ sum_usd('used.amount_usd') }} as amount_usd,
    {{ sum_of_fractions('cast(used.amount_usd as double) * used.used_share') }} as used_usd,
    -- A quarter whose prices are not known yet counts at those of the base quarter.
    {{ sum_of_fractions(
        "cast(used.amount_usd as double) * used.used_share * base.base_price / coalesce(prices.price_index, base.base_price)"
    ) }} as used_usd_real,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from used
inner join {{ ref('int_quarters__priced') }} as prices on used.year_quarter = prices.year_quarter
inner join base on true
group by
    used.funding_source, used.category_code, used.cohort_start, used.cohort_end, used.newest_quarter,
    used.maturity, base.base_quarter
