-- One row per line × size class × parent firm with money in it. Build zone only.
select
    line,
    size_class,
    parent_group_id,
    cast(count(distinct firm_id) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    {{ sum_usd('amount_usd') }} as amount_usd
from {{ ref('int_fund__firm_lines') }}
group by line, size_class, parent_group_id
