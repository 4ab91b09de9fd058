-- One row per occupation × county (and all counties) × parent firm: whose intent it is.
with newest as (
    select *
    from {{ ref('int_intent__pooled') }}
    where stated_quarter = (select max(stated_quarter) from {{ ref('int_intent__pooled') }})
)

select
    soc_code,
    county_fips,
    parent_group_id,
    cast(sum(seats_expected) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from (
    select soc_code, county_fips, parent_group_id, seats_expected from newest
    union all
    select soc_code, 'all', parent_group_id, seats_expected from newest
) as placed
group by soc_code, county_fips, parent_group_id
