-- A tier passes exactly when each of its gates does, and opens nothing otherwise.
with gates as (
    select
        tier_id,
        program_id,
        min(case when decision = 'PASS' then 1 else 0 end) as all_passed
    from {{ ref('agg_tier_gates') }}
    group by tier_id, program_id
)

select tiers.*
from {{ ref('agg_tier_decisions') }} as tiers
inner join gates on tiers.tier_id = gates.tier_id and tiers.program_id = gates.program_id
where
    (tiers.decision = 'PASS') <> (gates.all_passed = 1)
    or (tiers.decision <> 'PASS' and (tiers.opened_share is not null or tiers.opened_usd is not null))
