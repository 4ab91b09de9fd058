-- One row per credential (and all) × whole years × parent firm that reported them. Build zone only.
select
    credential_id,
    years_held,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    {{ count_if('is_active') }} as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from (
    select 'all' as credential_id, years_held, parent_group_id, is_active from {{ ref('int_credentials__aged') }}
    union all
    select credential_id, years_held, parent_group_id, is_active from {{ ref('int_credentials__aged') }}
) as grouped
group by credential_id, years_held, parent_group_id
