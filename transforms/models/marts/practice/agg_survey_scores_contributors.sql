-- One row per group of agg_survey_scores × program: who answered. Answers are anonymous, so programs stand for sources.
select
    group_dim,
    group_value,
    program_id as parent_group_id,
    cast(count(distinct case when score is not null then response_id end) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_survey_answers__scored') }}
group by group_dim, group_value, program_id
having count(distinct case when score is not null then response_id end) > 0
