-- One row per occupation (and all) × quarter × parent firm that opened seats.
select
    soc_code,
    year_quarter,
    parent_group_id,
    cast(sum(opened_seats) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from (
    select year_quarter, soc_code, parent_group_id, opened_seats from {{ ref('int_seats__by_quarter') }}
    union all
    select year_quarter, 'all', parent_group_id, opened_seats from {{ ref('int_seats__by_quarter') }}
) as opened
where opened_seats > 0
group by soc_code, year_quarter, parent_group_id
