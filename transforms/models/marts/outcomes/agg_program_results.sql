-- One row per program × program year × population × metric of the provider report (ETA-9171).
with years as (
    select
        metric_id,
        program_year,
        min(cohort_quarter) as cohort_start,
        max(cohort_quarter) as cohort_end,
        case
            when max(case when maturity = 'NOT_YET' then 1 else 0 end) = 1 then 'NOT_YET'
            when max(case when maturity = 'INCOMPLETE' then 1 else 0 end) = 1 then 'INCOMPLETE'
            else 'MATURE'
        end as maturity
    from {{ ref('int_program_results__cohorts') }}
    group by metric_id, program_year
),

populations as (
    select *
    from (values ('all'), ('wioa')) as named (population)
),

counted as (
    select
        metric_id,
        program_year,
        population,
        program_id,
        count(*) as denominator,
        {{ count_if('is_hit') }} as hits,
        {{ exact_median('measure') }} as median_usd
    from {{ ref('int_program_results__units') }}
    group by metric_id, program_year, population, program_id
),

stated as (
    select
        programs.program_id,
        years.*,
        populations.population,
        definitions.unit,
        coalesce(counted.denominator, 0) as denominator,
        case when definitions.unit = 'share' then coalesce(counted.hits, 0) end as numerator,
        counted.median_usd,
        case
            when years.maturity <> 'MATURE' then -1
            when definitions.unit <> 'persons' and coalesce(counted.denominator, 0) = 0 then -2
            else 1
        end as value_status
    from years
    cross join populations
    cross join {{ ref('int_programs__current') }} as programs
    inner join {{ ref('metric_definitions') }} as definitions on years.metric_id = definitions.metric_id
    left join counted
        on years.metric_id = counted.metric_id
        and years.program_year = counted.program_year
        and populations.population = counted.population
        and programs.program_id = counted.program_id
    where programs.has_participants
)

select
    program_id,
    program_year,
    population,
    metric_id,
    cohort_start,
    cohort_end,
    cast(case when maturity <> 'NOT_YET' then numerator end as bigint) as numerator,
    cast(denominator as bigint) as denominator,
    cast(case
        when value_status <> 1 then null
        when unit = 'share' then cast(numerator as double) / denominator
        when unit = 'persons' then denominator
        else median_usd
    end as double) as value,
    unit,
    value_status,
    maturity,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from stated
