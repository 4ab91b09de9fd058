-- One row per learner_key × competency_id × program assessed both before and after: the two levels, and whether each reaches the cut.
with before as (
    select
        *,
        row_number() over (partition by learner_key, competency_id, program_id order by assessed_date desc) as place
    from {{ ref('int_assessments__by_day') }}
    where occasion_code = 'PRE'
),

-- The first assessment after the last one before: a later one would credit work with what training did.
after_training as (
    select
        later.*,
        before.level as level_before,
        row_number() over (
            partition by later.learner_key, later.competency_id, later.program_id order by later.assessed_date
        ) as place
    from {{ ref('int_assessments__by_day') }} as later
    inner join before
        on later.learner_key = before.learner_key
        and later.competency_id = before.competency_id
        and later.program_id = before.program_id
        and later.assessed_date > before.assessed_date
        and before.place = 1
    where later.occasion_code = 'POST'
)

select
    learner_key,
    competency_id,
    program_id,
    assessed_quarter,
    parent_group_id,
    level_before,
    level as level_after,
    level - level_before as gain,
    level_before >= cut_level as passed_before,
    level >= cut_level as passed_after
from after_training
where place = 1
