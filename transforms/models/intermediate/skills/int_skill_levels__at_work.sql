-- One row per learner_key × occupation × O*NET skill: the newest level seen at work, over raters of that day.
with rated as (
    select
        rated.*,
        competencies.onet_element_id
    from {{ ref('int_assessments__rated') }} as rated
    inner join (
        select competency_id, max(onet_element_id) as onet_element_id
        from {{ ref('stg_competency') }}
        where framework_code = 'ONET'
        group by competency_id
    ) as competencies on rated.competency_id = competencies.competency_id
    where rated.occasion_code in ('INVENTORY', 'FOLLOW_UP') and rated.soc_code is not null
),

newest as (
    select learner_key, soc_code, onet_element_id, max(assessed_date) as assessed_date
    from rated
    group by learner_key, soc_code, onet_element_id
)

select
    rated.learner_key,
    rated.soc_code,
    rated.onet_element_id,
    max(rated.assessed_quarter) as assessed_quarter,
    min(rated.parent_group_id) as parent_group_id,
    avg(rated.level) as level
from rated
inner join newest
    on rated.learner_key = newest.learner_key
    and rated.soc_code = newest.soc_code
    and rated.onet_element_id = newest.onet_element_id
    and rated.assessed_date = newest.assessed_date
group by rated.learner_key, rated.soc_code, rated.onet_element_id
