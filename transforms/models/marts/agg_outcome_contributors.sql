-- One row per cell of agg_outcomes × parent firm: the persons and the wage dollars it brings to the cell.
with persons as (
    select
        cell_id,
        parent_group_id,
        1 as persons,
        case when is_hit then 1 else 0 end as numerator_persons,
        cast(0 as decimal(18, 2)) as amount_usd
    from {{ ref('int_cells__filled') }}
),

-- Dollars count under the parent that paid them, the person under the primary employer alone.
dollars as (
    select
        filled.cell_id,
        wages.parent_group_id,
        0 as persons,
        0 as numerator_persons,
        wages.amount_usd
    from {{ ref('int_cells__filled') }} as filled
    inner join {{ ref('int_outcomes__wages_behind') }} as wages
        on filled.metric_id = wages.metric_id and filled.participation_id = wages.participation_id
),

brought as (
    select * from persons
    union all
    select * from dollars
),

summed as (
    select
        cell_id,
        parent_group_id,
        cast(sum(persons) as bigint) as persons,
        cast(sum(numerator_persons) as bigint) as numerator_persons,
        {{ sum_usd('amount_usd') }} as amount_usd
    from brought
    group by cell_id, parent_group_id
)

select
    cells.metric_id,
    cells.breakdown,
    cells.member,
    cells.geo_level,
    cells.geography,
    cells.ind_level,
    cells.industry,
    cells.program_id,
    cells.cohort_start,
    cells.cohort_end,
    summed.parent_group_id,
    summed.persons,
    summed.numerator_persons,
    summed.amount_usd
from summed
inner join {{ ref('int_cells__listed') }} as cells on summed.cell_id = cells.cell_id
