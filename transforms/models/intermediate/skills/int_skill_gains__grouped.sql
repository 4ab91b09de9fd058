-- One row per paired assessment × group that its gain is stated for: all, and the competency.
select 'all' as competency, pairs.* from {{ ref('int_skill_gains__paired') }} as pairs
union all
select competency_id, pairs.* from {{ ref('int_skill_gains__paired') }} as pairs
