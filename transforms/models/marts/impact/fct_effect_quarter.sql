-- One row per learner_key × year_quarter with reported pay: what effects are estimated on. Person-level: never leaves the build zone.
{{ config(meta={'by_person': true}) }}
with base as (
    select price_index as base_price from {{ ref('int_quarters__priced') }} where is_base
)

select
    quarters.learner_key,
    quarters.year_quarter,
    quarters.parent_group_id,
    cast(quarters.wages_usd as double) * base.base_price / prices.price_index as real_wages_usd,
    cast(quarters.hours_paid as double) as hours_paid,
    entries.entry_quarter,
    entries.program_id,
    entries.parent_group_id as enrolling_parent_id
from {{ people_of(ref('int_effects__person_quarters')) }} as quarters
left join {{ ref('int_effects__entries') }} as entries on quarters.learner_key = entries.learner_key
left join {{ ref('int_quarters__priced') }} as prices on quarters.year_quarter = prices.year_quarter
left join base on true
