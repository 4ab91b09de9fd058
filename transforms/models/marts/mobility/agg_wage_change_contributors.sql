-- One row per horizon × base quarter × kind of job × parent firm, with the later pay of its people. Build zone only.
select
    horizon,
    base_quarter,
    employer,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    {{ sum_usd('later_wages_usd') }} as amount_usd
from {{ ref('int_later_jobs__changed') }}
group by horizon, base_quarter, employer, parent_group_id
