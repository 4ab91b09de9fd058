-- One row per benefit to public partners × parent firm that paid the wages. Build zone only.
select
    assumptions.assumption_id,
    units.parent_group_id,
    cast(count(*) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    {{ sum_usd('units.wages_usd') }} as amount_usd
from {{ ref('int_public__units') }} as units
inner join {{ ref('public_assumptions') }} as assumptions on units.base_id = assumptions.base_id
group by assumptions.assumption_id, units.parent_group_id
