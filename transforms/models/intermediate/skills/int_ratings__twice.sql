-- One row per performance that two raters rated with a cut: what each said; of more than two raters, the first two by id.
with ranked as (
    select
        *,
        row_number() over (
            partition by learner_key, competency_id, assessed_date, coalesce(program_id, '') order by rater_id, box_firm_id
        ) as place
    from {{ ref('int_assessments__rated') }}
    where cut_level is not null
)

select
    one.learner_key,
    one.competency_id,
    one.assessed_quarter,
    one.parent_group_id,
    one.level >= one.cut_level as passed_first,
    two.level >= two.cut_level as passed_second,
    one.level - two.level as difference
from ranked as one
inner join ranked as two
    on one.learner_key = two.learner_key
    and one.competency_id = two.competency_id
    and one.assessed_date = two.assessed_date
    and coalesce(one.program_id, '') = coalesce(two.program_id, '')
where one.place = 1 and two.place = 2 and one.rater_id <> two.rater_id
