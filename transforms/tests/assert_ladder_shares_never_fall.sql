-- The share that has advanced never falls from one quarter to the next, and the number at risk never grows.
select later.credential, later.quarters_since
from {{ ref('agg_stack_progression') }} as later
inner join {{ ref('agg_stack_progression') }} as earlier
    on later.credential = earlier.credential and later.quarters_since = earlier.quarters_since + 1
where later.advanced_share < earlier.advanced_share - 1e-9
    or later.at_risk > earlier.at_risk
    or later.advanced_share not between 0 and 1
