-- One row per performance rated twice × group that agreement is stated for: all, and the competency.
select 'all' as competency, ratings.* from {{ ref('int_ratings__twice') }} as ratings
union all
select competency_id, ratings.* from {{ ref('int_ratings__twice') }} as ratings
