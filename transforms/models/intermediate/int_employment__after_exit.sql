-- One row per participation with an exit × quarter after exit (1 to 4, and 8): employment, employer and pay as members see them.
with followed as (
    select
        participations.participation_id,
        participations.learner_key,
        offsets.quarters_after_exit,
        {{ quarter_plus('participations.exit_quarter', 'offsets.quarters_after_exit') }} as year_quarter
    from {{ ref('int_participations__described') }} as participations
    cross join (values (1), (2), (3), (4), (8)) as offsets (quarters_after_exit)
    where participations.exit_date is not null
),

confirmed as (
    select
        followed.participation_id,
        followed.quarters_after_exit,
        placements.firm_id,
        row_number() over (
            partition by followed.participation_id, followed.quarters_after_exit
            order by placements.job_start_date desc, placements.firm_id
        ) as recency
    from followed
    inner join {{ ref('stg_placement') }} as placements
        on followed.learner_key = placements.learner_key
        and placements.job_start_date <= {{ quarter_last_day('followed.year_quarter') }}
        and coalesce(placements.job_end_date, {{ end_of_time() }}) >= {{ quarter_first_day('followed.year_quarter') }}
    where placements.unsubsidized = 1 and placements.supervisor_confirm = 1
)

select
    followed.participation_id,
    followed.learner_key,
    followed.quarters_after_exit,
    followed.year_quarter,
    wages.primary_employer_id,
    coalesce(wages.primary_employer_id, confirmed.firm_id) as employer_id,
    coalesce(wages.primary_employer_id, confirmed.firm_id) is not null as is_employed,
    wages.wages_usd
from followed
left join {{ ref('int_wages__by_participant_quarter') }} as wages
    on followed.learner_key = wages.learner_key and followed.year_quarter = wages.year_quarter
left join confirmed
    on followed.participation_id = confirmed.participation_id
    and followed.quarters_after_exit = confirmed.quarters_after_exit
    and confirmed.recency = 1
