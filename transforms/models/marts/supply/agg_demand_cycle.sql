-- One row per occupation (and all) × quarter: seats opened, against the mean of the eight quarters that end with it.
with opened as (
    select year_quarter, soc_code, opened_seats from {{ ref('int_seats__by_quarter') }}
    union all
    select year_quarter, 'all', opened_seats from {{ ref('int_seats__by_quarter') }}
),

occupations as (
    select distinct soc_code from opened
),

-- A quarter in which nothing was opened counts as none, not as missing.
counted as (
    select
        occupations.soc_code,
        quarters.year_quarter,
        quarters.quarters_before,
        cast(coalesce(sum(opened.opened_seats), 0) as bigint) as opened_seats
    from occupations
    cross join {{ ref('int_demand_quarters__listed') }} as quarters
    left join opened on occupations.soc_code = opened.soc_code and quarters.year_quarter = opened.year_quarter
    group by occupations.soc_code, quarters.year_quarter, quarters.quarters_before
),

averaged as (
    select
        *,
        cast(sum(opened_seats) over (
            partition by soc_code order by year_quarter rows between 7 preceding and current row
        ) as bigint) as opened_in_eight
    from counted
)

select
    soc_code,
    year_quarter,
    opened_seats,
    case when quarters_before >= 7 then opened_in_eight end as opened_in_eight,
    case when quarters_before >= 7 then cast(opened_seats as double) * 8 / nullif(cast(opened_in_eight as double), 0) end
        as cycle_index,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from averaged
