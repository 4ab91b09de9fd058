-- What the programs cost adds up to what the consortium's programs cost, to the cent.
select unit
from {{ ref('agg_unit_costs') }}
group by unit
having sum(case when breakdown = 'program' then cost_usd else -cost_usd end) <> 0
