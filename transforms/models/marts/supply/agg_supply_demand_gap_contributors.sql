-- One row per occupation × county (and all counties) × quarter × parent firm: whose seats are wanted.
with seats as (
    select year_quarter, soc_code, county_fips, parent_group_id, open_seats as seats
    from {{ ref('int_seats__by_quarter') }}
    union all
    select stated_quarter, soc_code, county_fips, parent_group_id, seats_uncovered_next
    from {{ ref('int_intent__pooled') }}
)

select
    soc_code,
    county_fips,
    year_quarter,
    parent_group_id,
    cast(sum(seats) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from (
    select year_quarter, soc_code, county_fips, parent_group_id, seats from seats
    union all
    select year_quarter, soc_code, 'all', parent_group_id, seats from seats
) as placed
group by soc_code, county_fips, year_quarter, parent_group_id
