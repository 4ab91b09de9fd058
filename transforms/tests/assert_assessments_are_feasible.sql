-- Every rule with a budget can reach it: no budget lies below the sum of floors or above the sum of caps.
select rule_id, funding_rule_version, period
from {{ ref('fct_assessments') }}
where not is_feasible or assessed_usd is null
