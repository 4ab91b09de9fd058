-- One row per quarter with an outlay × parent firm behind its base. Build zone only.
select
    year_quarter as period,
    parent_group_id,
    cast(1 as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    amount_usd
from {{ ref('int_outlay__behind') }}
