-- One row per occupation × county (and all counties) × quarter: what members and the area want, and who could take it.
with demand as (
    select year_quarter, soc_code, county_fips, open_seats, 0 as expected_seats, cast(0 as decimal(18, 6)) as supply
    from {{ ref('int_seats__by_quarter') }}
    union all
    select stated_quarter, soc_code, county_fips, 0, seats_uncovered_next, cast(0 as decimal(18, 6))
    from {{ ref('int_intent__pooled') }}
    union all
    select year_quarter, soc_code, county_fips, 0, 0, soc_weight
    from {{ ref('int_supply__by_quarter') }}
),

placed as (
    select year_quarter, soc_code, county_fips, open_seats, expected_seats, supply from demand
    union all
    select year_quarter, soc_code, 'all', open_seats, expected_seats, supply from demand
),

cells as (
    select
        soc_code,
        county_fips,
        year_quarter,
        cast(sum(open_seats) as bigint) as open_seats,
        cast(sum(expected_seats) as bigint) as expected_seats,
        cast(sum(open_seats + expected_seats) as bigint) as members_demand,
        cast(sum(supply) as decimal(18, 6)) as supply_persons
    from placed
    group by soc_code, county_fips, year_quarter
),

openings as (
    select year_quarter, soc_code, county_fips, area_openings from {{ ref('int_area_openings__by_quarter') }}
    union all
    select year_quarter, soc_code, 'all', cast(sum(area_openings) as decimal(18, 2))
    from {{ ref('int_area_openings__by_quarter') }}
    group by year_quarter, soc_code
)

select
    cells.soc_code,
    cells.county_fips,
    cells.year_quarter,
    cells.open_seats,
    cells.expected_seats,
    cells.members_demand,
    cast(openings.area_openings as decimal(18, 2)) as area_openings,
    cells.supply_persons,
    cast(cells.members_demand - cells.supply_persons as decimal(18, 6)) as members_gap,
    cast(cells.supply_persons as double) / nullif(cast(cells.members_demand as double), 0) as supply_per_member_seat,
    cast(openings.area_openings - cells.supply_persons as decimal(18, 6)) as area_gap,
    cast(cells.supply_persons as double) / nullif(cast(openings.area_openings as double), 0) as supply_per_area_opening,
    cells.soc_code = '99-9999' as is_unmatched,
    cells.year_quarter = max(cells.year_quarter) over () as is_newest,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from cells
left join openings
    on cells.soc_code = openings.soc_code
    and cells.county_fips = openings.county_fips
    and cells.year_quarter = openings.year_quarter
