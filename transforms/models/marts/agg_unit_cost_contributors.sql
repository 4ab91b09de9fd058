-- One row per cell of agg_unit_costs × parent firm: the persons and the wage dollars it brings to the cell.
with counted as (
    select * from {{ ref('int_unit_costs__counted') }}
),

brought as (
    select
        unit, breakdown, member, parent_group_id,
        1 as persons, cast(0 as decimal(18, 2)) as amount_usd
    from counted

    union all

    select counted.unit, counted.breakdown, counted.member, wages.parent_group_id, 0, wages.amount_usd
    from counted
    inner join {{ ref('int_outcomes__wages_behind') }} as wages
        on counted.metric_id = wages.metric_id and counted.participation_id = wages.participation_id
),

summed as (
    select
        unit,
        breakdown,
        member,
        parent_group_id,
        cast(sum(persons) as bigint) as persons,
        {{ sum_usd('amount_usd') }} as amount_usd
    from brought
    group by unit, breakdown, member, parent_group_id
)

select
    summed.unit,
    summed.breakdown,
    summed.member,
    {{ cell_identifiers('summed.breakdown', 'summed.member') }},
    windows.cohort_start,
    windows.cohort_end,
    summed.parent_group_id,
    summed.persons,
    summed.persons as numerator_persons,
    summed.amount_usd
from summed
inner join {{ ref('int_unit_costs__windowed') }} as windows on summed.unit = windows.unit
