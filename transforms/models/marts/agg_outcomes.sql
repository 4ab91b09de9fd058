-- One row per metric × breakdown × member × window of cohorts.
with counted as (
    select
        cell_id,
        count(*) as units,
        count(distinct learner_key) as persons,
        {{ count_if('is_hit') }} as hits,
        {{ exact_median('measure') }} as median_usd,
        ({{ exact_quantile('measure', 0.45) }} + {{ exact_quantile('measure', 0.55) }}) / 2 as fuzzy_median_usd,
        {{ order_statistic('measure', median_lower_rank('count(measure)')) }} as median_lower_usd,
        {{ order_statistic('measure', median_upper_rank('count(measure)')) }} as median_upper_usd
    from {{ ref('int_cells__filled') }}
    group by cell_id
),

stated as (
    select
        cells.*,
        definitions.unit,
        definitions.is_wage_derived,
        coalesce(counted.units, 0) as denominator,
        coalesce(counted.persons, 0) as persons,
        case when definitions.unit = 'share' then coalesce(counted.hits, 0) end as hits,
        counted.median_usd,
        counted.fuzzy_median_usd,
        counted.median_lower_usd,
        counted.median_upper_usd,
        -- Nobody served is a count of 0; a share or a median of nobody is undefined.
        case
            when cells.maturity <> 'MATURE' then -1
            when definitions.unit <> 'persons' and coalesce(counted.units, 0) = 0 then -2
            else 1
        end as value_status
    from {{ ref('int_cells__listed') }} as cells
    inner join {{ ref('metric_definitions') }} as definitions on cells.metric_id = definitions.metric_id
    left join counted on cells.cell_id = counted.cell_id
),

base as (
    select year_quarter as base_quarter from {{ ref('int_quarters__priced') }} where is_base
)

select
    stated.metric_id,
    stated.breakdown,
    stated.member,
    stated.geo_level,
    stated.geography,
    stated.ind_level,
    stated.industry,
    stated.program_id,
    stated.cohort_start,
    stated.cohort_end,
    cast(case when stated.maturity <> 'NOT_YET' then stated.hits end as bigint) as numerator,
    cast(stated.denominator as bigint) as denominator,
    cast(stated.persons as bigint) as distinct_persons,
    cast(case
        when stated.value_status <> 1 then null
        when stated.unit = 'share' then cast(stated.hits as double) / stated.denominator
        when stated.unit = 'persons' then stated.denominator
        else stated.median_usd
    end as double) as value,
    cast(case when stated.value_status = 1 then stated.fuzzy_median_usd end as double) as value_fuzzy,
    cast(case
        when stated.value_status <> 1 then null
        when stated.unit = 'share' then {{ wilson_lower('stated.hits', 'stated.denominator') }}
        else stated.median_lower_usd
    end as double) as value_lower,
    cast(case
        when stated.value_status <> 1 then null
        when stated.unit = 'share' then {{ wilson_upper('stated.hits', 'stated.denominator') }}
        else stated.median_upper_usd
    end as double) as value_upper,
    stated.unit,
    stated.value_status,
    stated.maturity,
    case when stated.metric_id in ('real_earnings_change', 'real_hourly_wage_change') then base.base_quarter end as base_price_period,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of,
    stated.newest_quarter,
    stated.is_wage_derived
from stated
left join base on true
