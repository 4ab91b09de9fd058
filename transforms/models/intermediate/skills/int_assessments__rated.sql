-- One row per rating: a learner's level in a competency on a day as one rater saw it, by the announced day.
select
    assessments.box_firm_id,
    coalesce(firms.parent_group_id, assessments.box_firm_id) as parent_group_id,
    assessments.learner_key,
    assessments.competency_id,
    assessments.assessed_date,
    {{ quarter_of('assessments.assessed_date') }} as assessed_quarter,
    assessments.occasion_code,
    assessments.program_id,
    cast(assessments.level as double) as level,
    cast(assessments.cut_level as double) as cut_level,
    coalesce(assessments.rater_id, assessments.rater_role_code) as rater_id,
    assessments.site_id,
    assessments.soc_code
from {{ ref('stg_skill_assessment') }} as assessments
left join {{ ref('int_firms__current') }} as firms on assessments.box_firm_id = firms.firm_id
where assessments.assessed_date <= {{ as_of() }}
