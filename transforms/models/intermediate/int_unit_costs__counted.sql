-- One row per unit of cost × breakdown × member × person or period counted in it.
with counted as (
    select
        windows.unit,
        outcomes.unit_id,
        outcomes.participation_id,
        outcomes.metric_id,
        outcomes.parent_group_id,
        participations.program_id,
        participations.entry_date
    from {{ ref('int_unit_costs__windowed') }} as windows
    inner join {{ ref('int_outcomes__by_unit') }} as outcomes
        on windows.metric_id = outcomes.metric_id
        and outcomes.cohort_quarter between windows.cohort_start and windows.cohort_end
    inner join {{ ref('int_participations__described') }} as participations
        on outcomes.participation_id = participations.participation_id
    where coalesce(outcomes.is_hit, outcomes.metric_id = 'participants_served')
),

sliced as (
    select *, 'consortium' as breakdown, 'consortium' as member from counted
    union all
    select *, 'program', program_id from counted
),

ranked as (
    select
        *,
        row_number() over (
            partition by unit, breakdown, member, unit_id order by entry_date desc, participation_id desc
        ) as recency
    from sliced
)

select unit, breakdown, member, unit_id, participation_id, metric_id, parent_group_id
from ranked
where recency = 1
