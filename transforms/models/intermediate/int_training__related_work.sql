-- One row per participation employed in the second quarter after exit whose work is known to be related to the training or not.
with second as (
    select employment.*
    from {{ ref('int_employment__after_exit') }} as employment
    inner join {{ ref('int_participations__described') }} as participations
        on employment.participation_id = participations.participation_id
    where employment.quarters_after_exit = 2 and employment.is_employed and participations.has_training
),

ranked as (
    select
        second.participation_id,
        placements.training_related,
        row_number() over (
            partition by second.participation_id
            order by placements.job_start_date desc, placements.position_key
        ) as recency
    from second
    inner join {{ ref('stg_placement') }} as placements
        on second.learner_key = placements.learner_key
        and second.employer_id = placements.firm_id
        and placements.job_start_date <= {{ quarter_last_day('second.year_quarter') }}
        and coalesce(placements.job_end_date, {{ end_of_time() }}) >= {{ quarter_first_day('second.year_quarter') }}
    where placements.training_related is not null
)

select
    participation_id,
    training_related = 1 as is_related
from ranked
where recency = 1
