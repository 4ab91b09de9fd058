-- One row per participation: sessions the learner was mentored in while in training, in steps, and the form of most of them.
with held as (
    select
        participations.participation_id,
        pairs.mode_code,
        -- Sessions of a group or circle are held once, however many pairs it is reported as.
        coalesce(pairs.group_id, pairs.mentor_key || cast(pairs.started_date as varchar)) as sitting,
        max(pairs.sessions_held) as sessions
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('stg_mentoring_pair') }} as pairs
        on participations.learner_key = pairs.mentee_key
        and coalesce(pairs.program_id, participations.program_id) = participations.program_id
        and pairs.started_date between participations.entry_date
        and coalesce(participations.training_end_date, participations.exit_date, {{ end_of_time() }})
    where pairs.started_date <= {{ as_of() }}
    group by
        participations.participation_id,
        pairs.mode_code,
        coalesce(pairs.group_id, pairs.mentor_key || cast(pairs.started_date as varchar))
),

by_mode as (
    select
        participation_id,
        mode_code,
        sum(sessions) as sessions,
        row_number() over (partition by participation_id order by sum(sessions) desc, mode_code) as place
    from held
    group by participation_id, mode_code
),

summed as (
    select
        participation_id,
        sum(sessions) as sessions,
        max(case when place = 1 then lower(mode_code) end) as main_mode
    from by_mode
    group by participation_id
)

select
    participations.participation_id,
    coalesce(summed.sessions, 0) as sessions,
    case
        when coalesce(summed.sessions, 0) = 0 then 'none'
        when summed.sessions <= 3 then '1_to_3'
        when summed.sessions <= 7 then '4_to_7'
        else '8_or_more'
    end as mentoring_dose,
    case when coalesce(summed.sessions, 0) = 0 then 'none' else summed.main_mode end as mentoring_mode
from {{ ref('int_participations__described') }} as participations
left join summed on participations.participation_id = summed.participation_id
