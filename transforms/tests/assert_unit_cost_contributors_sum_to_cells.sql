-- The persons that parents bring to a unit cost add up to what its dollars are divided by.
with brought as (
    select unit, breakdown, member, sum(persons) as persons
    from {{ ref('agg_unit_cost_contributors') }}
    group by unit, breakdown, member
)

select costs.unit, costs.breakdown, costs.member
from {{ ref('agg_unit_costs') }} as costs
full outer join brought
    on costs.unit = brought.unit and costs.breakdown = brought.breakdown and costs.member = brought.member
where costs.count is distinct from coalesce(brought.persons, 0)
