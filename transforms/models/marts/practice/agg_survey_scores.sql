-- One row per Kirkpatrick level, and per instrument, that at least min_responders answered: the mean score, and who answered.
with counted as (
    select
        group_dim,
        group_value,
        min(asked_quarter) as first_quarter,
        max(asked_quarter) as last_quarter,
        count(distinct response_id) as asked,
        count(distinct case when score is not null then response_id end) as responders,
        count(score) as answers,
        avg(score) as mean_score,
        stddev_samp(score) as sd_score
    from {{ ref('int_survey_answers__scored') }}
    group by group_dim, group_value
)

select
    group_dim,
    group_value,
    first_quarter,
    last_quarter,
    cast(asked as bigint) as asked,
    cast(responders as bigint) as responders,
    cast(answers as bigint) as answers,
    cast(responders as double) / cast(asked as double) as response_share,
    round(mean_score, 9) as mean_score,
    round(mean_score - {{ z95() }} * sd_score / sqrt(cast(answers as double)), 9) as score_lower,
    round(mean_score + {{ z95() }} * sd_score / sqrt(cast(answers as double)), 9) as score_upper,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
where responders >= {{ var('min_responders') }}
