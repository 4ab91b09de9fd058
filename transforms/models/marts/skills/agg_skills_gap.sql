-- One row per SOC occupation with at least min_persons assessed at work: how far levels fall short of what O*NET asks.
with totals as (
    select soc_code, {{ sum_of_fractions('weight') }} as weight
    from {{ ref('int_occupations__required') }}
    group by soc_code
),

assessed as (
    select
        soc_code,
        count(distinct learner_key) as assessed_persons,
        min(assessed_quarter) as first_quarter,
        max(assessed_quarter) as last_quarter
    from {{ ref('int_skill_levels__at_work') }}
    group by soc_code
),

summed as (
    select
        soc_code,
        count(*) as assessed_skills,
        {{ sum_of_fractions('weight') }} as weight,
        {{ sum_of_fractions('weight * mean_shortfall') }} as shortfall
    from {{ ref('int_skill_gaps__by_skill') }}
    group by soc_code
)

select
    summed.soc_code,
    assessed.first_quarter,
    assessed.last_quarter,
    cast(assessed.assessed_persons as bigint) as assessed_persons,
    cast(summed.assessed_skills as bigint) as assessed_skills,
    -- Skills that nobody assessed are left out, and how much of the occupation's weight that leaves is said.
    round(summed.weight / totals.weight, 9) as coverage_share,
    round(summed.shortfall, 9) as gap_per_head,
    headcounts.headcount,
    headcounts.year_quarter as headcount_quarter,
    round(summed.shortfall * headcounts.headcount, 9) as gap,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from summed
inner join assessed on summed.soc_code = assessed.soc_code
inner join totals on summed.soc_code = totals.soc_code
left join {{ ref('int_headcounts__by_occupation') }} as headcounts on summed.soc_code = headcounts.soc_code
where assessed.assessed_persons >= {{ var('min_persons') }}
