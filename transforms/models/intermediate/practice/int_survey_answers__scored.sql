-- One row per answer asked for by the announced day × group it is counted in: its score from 0 to 1, NULL where there is none.
with asked as (
    select
        instrument_id,
        kirkpatrick_level_code,
        response_id,
        coalesce(program_id, 'unreported') as program_id,
        {{ quarter_of('asked_date') }} as asked_quarter,
        -- Scales differ: the lowest answer is 0, the highest 1.
        (cast(value as double) - cast(scale_least as double))
        / nullif(cast(scale_most as double) - cast(scale_least as double), 0) as score
    from {{ ref('stg_survey_response') }}
    where asked_date <= {{ as_of() }} and coalesce(no_answer_reason_code, '') <> 'NOT_APPLICABLE'
)
,

heard as (
    select instrument_id
    from asked
    group by instrument_id
    having count(distinct case when score is not null then response_id end) >= {{ var('min_responders') }}
)

-- A level without what too few people answered: its mean less the instruments' would be theirs.
select 'level' as group_dim, kirkpatrick_level_code as group_value, asked.*
from asked
where instrument_id in (select instrument_id from heard)
union all
select 'instrument', instrument_id, asked.* from asked
