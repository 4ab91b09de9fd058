-- What is due, held back and lost is never more than the fee, and nothing is due for a cohort that is not mature.
select *
from {{ ref('agg_performance_payables') }}
where
    due_usd + pending_usd + forfeited_usd > fee_usd * case when fee_unit_code = 'PERSON' then coalesce(numerator, 0) else 1 end
    or due_usd < 0
    or (maturity <> 'MATURE' and due_usd + pending_usd + forfeited_usd <> 0)
