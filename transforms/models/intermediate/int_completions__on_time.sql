-- One row per participation whose time to complete (1.5 × planned weeks since training began) has passed.
with timed as (
    select
        participations.participation_id,
        participations.training_completed,
        participations.training_end_date,
        -- Seven days a week, one and a half times: whole days, rounded down.
        cast(
            participations.training_start_date
            + cast(floor(programs.weeks * 10.5) as integer) * interval 1 day as date
        ) as last_date_on_time
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('int_programs__current') }} as programs on participations.program_id = programs.program_id
    where participations.training_start_date is not null and programs.weeks is not null
)

select
    participation_id,
    {{ quarter_of('last_date_on_time') }} as cohort_quarter,
    coalesce(training_completed = 1 and training_end_date <= last_date_on_time, false) as is_on_time
from timed
where last_date_on_time <= {{ as_of() }}
