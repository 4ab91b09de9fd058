-- No outlay under the rule leaves less than the reserve, or more than the largest factor allows.
select *
from {{ ref('agg_outlay') }}
where
    outlay_usd < 0
    or (outlay_usd > 0 and opening_usd - outlay_usd < cast(reserve_floor * base_usd as decimal(18, 2)))
    or outlay_usd > cast(base_usd * factor_most as decimal(18, 2))
