-- One row per participation, whether an award came before its outcome, and of which kind the first one was.
with early as (
    select
        participations.participation_id,
        lower(awards.incentive_type_code) as incentive_type,
        row_number() over (
            partition by participations.participation_id order by awards.awarded_date, awards.incentive_type_code
        ) as place
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('stg_incentive_award') }} as awards
        on participations.learner_key = awards.learner_key
        and participations.program_id = awards.program_id
        and awards.awarded_date between participations.entry_date
        and coalesce(participations.training_end_date, participations.exit_date, {{ end_of_time() }})
    -- An award for completing, for the credential or for staying is given because of the outcome it would be held against.
    where awards.milestone_code in ('STARTED', 'MODULE_COMPLETED', 'HOURS_REACHED', 'COMPETENCY_MASTERED', 'MENTORED')
        and awards.awarded_date <= {{ as_of() }}
)

select
    participations.participation_id,
    case when early.participation_id is null then 'none' else 'awarded' end as incentive,
    coalesce(early.incentive_type, 'none') as incentive_type
from {{ ref('int_participations__described') }} as participations
left join early on participations.participation_id = early.participation_id and early.place = 1
