-- What firms are assessed under a rule adds up to its budget, and to the sum stated, to the cent.
with firms as (
    select rule_id, period, sum(assessed_usd) as assessed_usd
    from {{ ref('fct_assessments') }}
    group by rule_id, period
)

select stated.*
from {{ ref('agg_assessments') }} as stated
left join firms on stated.rule_id = firms.rule_id and stated.period = firms.period
where
    stated.assessed_usd <> coalesce(firms.assessed_usd, 0)
    or stated.assessed_usd <> coalesce(stated.budget_usd, stated.assessed_usd)
