-- One row per topic × dimension × metric × group of at least min_persons people: counts, value and interval.
with counted as (
    select
        topic,
        group_dim,
        metric_id,
        group_value,
        max(reference_value) as fixed_reference,
        min(cohort_quarter) as cohort_start,
        max(cohort_quarter) as cohort_end,
        max(newest_quarter) as newest_quarter,
        count(*) as denominator,
        count(distinct learner_key) as persons,
        {{ count_if('is_hit') }} as hits,
        {{ exact_median('measure') }} as median_usd,
        ({{ exact_quantile('measure', 0.45) }} + {{ exact_quantile('measure', 0.55) }}) / 2 as value_fuzzy,
        {{ order_statistic('measure', median_lower_rank('count(measure)')) }} as median_lower_usd,
        {{ order_statistic('measure', median_upper_rank('count(measure)')) }} as median_upper_usd
    from {{ ref('int_groups__units') }}
    group by topic, group_dim, metric_id, group_value
)

select
    counted.topic,
    counted.group_dim,
    counted.metric_id,
    counted.group_value,
    counted.fixed_reference,
    counted.cohort_start,
    counted.cohort_end,
    counted.newest_quarter,
    counted.denominator,
    counted.persons,
    definitions.unit,
    definitions.is_wage_derived,
    case when definitions.unit = 'share' then counted.hits end as numerator,
    counted.value_fuzzy,
    case
        when definitions.unit = 'share' then cast(counted.hits as double) / cast(counted.denominator as double)
        else counted.median_usd
    end as value,
    case
        when definitions.unit = 'share' then {{ wilson_lower('counted.hits', 'counted.denominator') }}
        else counted.median_lower_usd
    end as value_lower,
    case
        when definitions.unit = 'share' then {{ wilson_upper('counted.hits', 'counted.denominator') }}
        else counted.median_upper_usd
    end as value_upper
from counted
inner join {{ ref('metric_definitions') }} as definitions on counted.metric_id = definitions.metric_id
-- Nothing is reckoned for a group of a few people, not even here.
where counted.persons >= {{ var('min_persons') }}
