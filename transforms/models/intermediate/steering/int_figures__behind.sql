-- One row per rate × member × cohort quarter × parent firm: its persons, and the wage dollars behind them.
with units as (
    select
        units.metric_id,
        units.cohort_quarter,
        units.participation_id,
        units.parent_group_id,
        units.is_hit,
        participations.program_id
    from {{ ref('int_outcomes__by_unit') }} as units
    inner join {{ ref('int_participations__described') }} as participations
        on units.participation_id = participations.participation_id
    where units.is_hit is not null
),

brought as (
    select
        metric_id,
        cohort_quarter,
        program_id,
        parent_group_id,
        1 as persons,
        case when is_hit then 1 else 0 end as numerator_persons,
        cast(0 as decimal(18, 2)) as amount_usd
    from units

    union all

    select units.metric_id, units.cohort_quarter, units.program_id, wages.parent_group_id, 0, 0, wages.amount_usd
    from units
    inner join {{ ref('int_outcomes__wages_behind') }} as wages
        on units.metric_id = wages.metric_id and units.participation_id = wages.participation_id
),

sliced as (
    select 'consortium' as member, brought.* from brought
    union all
    select program_id, brought.* from brought
)

select
    metric_id,
    member,
    cohort_quarter,
    parent_group_id,
    cast(sum(persons) as bigint) as persons,
    cast(sum(numerator_persons) as bigint) as numerator_persons,
    {{ sum_usd('amount_usd') }} as amount_usd
from sliced
group by metric_id, member, cohort_quarter, parent_group_id
