-- One row per level × occupation × other occupation: who worked in the one and, a year later, in the other, over five years.
with counted as (
    select
        soc_level,
        from_occupation,
        to_occupation,
        cast(count(*) as bigint) as steps,
        min(base_quarter) as first_quarter,
        max(base_quarter) as last_base_quarter
    from {{ ref('int_pathways__leveled') }}
    group by soc_level, from_occupation, to_occupation
),

starts as (
    select soc_level, from_occupation, cast(count(*) as bigint) as observed
    from {{ ref('int_pathways__leveled') }}
    group by soc_level, from_occupation
)

select
    counted.soc_level,
    counted.from_occupation,
    counted.to_occupation,
    counted.first_quarter,
    {{ quarter_plus('counted.last_base_quarter', 4) }} as newest_quarter,
    starts.observed,
    counted.steps,
    cast(counted.steps as double) / starts.observed as step_share,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
inner join starts on counted.soc_level = starts.soc_level and counted.from_occupation = starts.from_occupation
where counted.from_occupation <> counted.to_occupation
