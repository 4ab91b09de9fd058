-- One row per band × parent firm in it, each with the same weight. Build zone only.
select
    band,
    parent_group_id,
    cast(1 as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_balance__shares') }}
