-- One row per learner_key × competency_id × program × occasion × day: the mean level over that day's raters.
select
    learner_key,
    competency_id,
    program_id,
    occasion_code,
    assessed_date,
    max(assessed_quarter) as assessed_quarter,
    min(parent_group_id) as parent_group_id,
    avg(level) as level,
    max(cut_level) as cut_level
from {{ ref('int_assessments__rated') }}
where program_id is not null
group by learner_key, competency_id, program_id, occasion_code, assessed_date
