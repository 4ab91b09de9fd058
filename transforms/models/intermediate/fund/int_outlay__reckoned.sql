-- One row per quarter with a base, the one after the last that ended included: the outlay under the rule, and without it.
with unemployment as (
    -- Areas are averaged as the operator lists them; a source that is stated twice counts once.
    select year_quarter, avg(cast(rate as double)) as rate
    from (
        select year_quarter, geo_level, geography, min(unemployment_rate) as rate
        from {{ ref('stg_unemployment_reference') }}
        group by year_quarter, geo_level, geography
    ) as areas
    group by year_quarter
),

book as (
    select
        year_quarter,
        {{ sum_usd('contributions_usd + match_usd + interest_usd + transferred_in_usd') }} as in_usd,
        {{ sum_usd('disbursed_usd') }} as disbursed_usd,
        {{ sum_usd('contributions_usd + match_usd + interest_usd + transferred_in_usd - transferred_out_usd - disbursed_usd - lapsed_usd') }}
            as change_usd
    from {{ ref('int_fund__by_quarter') }}
    where funding_source <> 'IN_KIND'
    group by year_quarter
),

-- What the four quarters before brought in, and what they left: a quarter is planned from those.
based as (
    select
        quarters.year_quarter,
        quarters.first_date,
        quarters.quarter_index,
        {{ quarter_plus('quarters.year_quarter', '-1') }} as unemployment_quarter,
        count(earlier.year_quarter) as quarters_before,
        cast(sum(case when earlier_quarters.quarter_index >= quarters.quarter_index - 4 then earlier.in_usd end)
            * cast(0.25 as decimal(3, 2)) as decimal(18, 2)) as base_usd,
        cast(sum(earlier.change_usd) as decimal(18, 2)) as opening_usd
    from {{ ref('int_quarters__priced') }} as quarters
    inner join {{ ref('int_quarters__priced') }} as earlier_quarters
        on earlier_quarters.quarter_index < quarters.quarter_index
    inner join book as earlier on earlier_quarters.year_quarter = earlier.year_quarter
    where quarters.quarter_index <= (select max(quarter_index) + 1 from {{ ref('int_quarters__priced') }} where has_ended)
    group by quarters.year_quarter, quarters.first_date, quarters.quarter_index
),

rules as (
    select
        *,
        row_number() over (partition by year_quarter order by effective_from desc, rule_id) as recency
    from (
        select quarters.year_quarter, rules.*
        from {{ ref('stg_funding_rule') }} as rules
        inner join {{ ref('int_quarters__priced') }} as quarters
            on quarters.first_date between rules.effective_from and coalesce(rules.effective_to, {{ end_of_time() }})
        where rules.cycle_beta is not null
    ) as dated
),

leaning as (
    select
        based.*,
        rules.rule_id,
        rules.rule_version as funding_rule_version,
        rules.cycle_beta,
        coalesce(rules.outlay_factor_least, 0.8) as factor_least,
        coalesce(rules.outlay_factor_most, 1.2) as factor_most,
        coalesce(rules.reserve_floor, 0) as reserve_floor,
        newest.rate as unemployment_rate,
        cast(avg(past.rate) as decimal(9, 6)) as unemployment_mean,
        count(past.rate) as quarters_in_mean
    from based
    inner join rules on based.year_quarter = rules.year_quarter and rules.recency = 1
    left join unemployment as newest on based.unemployment_quarter = newest.year_quarter
    left join unemployment as past
        on {{ quarter_index('past.year_quarter') }} between based.quarter_index - 32 and based.quarter_index - 1
    where based.quarters_before >= 4
    group by
        based.year_quarter, based.first_date, based.quarter_index, based.unemployment_quarter, based.quarters_before,
        based.base_usd, based.opening_usd, rules.rule_id, rules.rule_version, rules.cycle_beta,
        rules.outlay_factor_least, rules.outlay_factor_most, rules.reserve_floor, newest.rate
),

factored as (
    select
        *,
        case
            when quarters_in_mean = 32
                then cast(least(factor_most, greatest(
                    factor_least,
                    1 + cycle_beta * cast(cast(unemployment_rate as decimal(9, 6)) - unemployment_mean as decimal(9, 6))
                )) as decimal(9, 6))
        end as factor
    from leaning
)

select
    factored.*,
    {{ kept_above_reserve('factored.base_usd * factored.factor', 'factored') }} as outlay_usd,
    {{ kept_above_reserve('factored.base_usd', 'factored') }} as outlay_without_usd,
    book.disbursed_usd
from factored
left join book on factored.year_quarter = book.year_quarter
