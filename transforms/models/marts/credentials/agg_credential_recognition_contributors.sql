-- One row per credential_id × parent firm: whether it recognizes it. Build zone only.
select
    credential_id,
    parent_group_id,
    cast(1 as bigint) as persons,
    case when is_recognized then cast(1 as bigint) else cast(0 as bigint) end as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_recognitions__by_parent') }}
