-- One row per category of gifts in kind × parent firm. Build zone only.
select
    category_code,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    {{ sum_usd('amount_usd') }} as amount_usd
from {{ ref('int_in_kind__given') }}
group by category_code, parent_group_id
