-- One row per level × occupation × other occupation × parent firm that the step began at. Build zone only.
with started as (
    select soc_level, from_occupation, parent_group_id, cast(count(*) as bigint) as observed
    from {{ ref('int_pathways__leveled') }}
    group by soc_level, from_occupation, parent_group_id
),

stepped as (
    select soc_level, from_occupation, to_occupation, parent_group_id, cast(count(*) as bigint) as steps
    from {{ ref('int_pathways__leveled') }}
    where from_occupation <> to_occupation
    group by soc_level, from_occupation, to_occupation, parent_group_id
)

select
    pathways.soc_level,
    pathways.from_occupation,
    pathways.to_occupation,
    started.parent_group_id,
    started.observed as persons,
    coalesce(stepped.steps, 0) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from (select distinct soc_level, from_occupation, to_occupation from stepped) as pathways
inner join started
    on pathways.soc_level = started.soc_level and pathways.from_occupation = started.from_occupation
left join stepped
    on pathways.soc_level = stepped.soc_level
    and pathways.from_occupation = stepped.from_occupation
    and pathways.to_occupation = stepped.to_occupation
    and started.parent_group_id = stepped.parent_group_id
