-- One row per gate of a funding tier × program × parent firm behind the cohorts it is held against. Build zone only.
select
    gates.tier_id,
    gates.program_id,
    gates.metric_id,
    behind.parent_group_id,
    cast(sum(behind.persons) as bigint) as persons,
    cast(sum(behind.numerator_persons) as bigint) as numerator_persons,
    {{ sum_usd('behind.amount_usd') }} as amount_usd
from {{ ref('int_tiers__gates') }} as gates
inner join {{ ref('int_figures__behind') }} as behind
    on gates.metric_id = behind.metric_id
    and gates.program_id = behind.member
    and behind.cohort_quarter between gates.cohort_start and gates.cohort_end
group by gates.tier_id, gates.program_id, gates.metric_id, behind.parent_group_id
