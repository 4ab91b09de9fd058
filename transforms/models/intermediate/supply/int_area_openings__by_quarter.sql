-- One row per year_quarter × soc_code × county_fips with a public projection: openings of a quarter.
with projected as (
    select
        *,
        {{ comparable_county('geography') }} as county_fips
    from {{ ref('stg_occupation_reference') }}
    where geo_level = 'C' and annual_openings_count is not null
),

ranked as (
    select
        quarters.year_quarter,
        projected.*,
        row_number() over (
            partition by quarters.year_quarter, projected.soc_code, projected.geography
            order by projected.reference_year desc, projected.public_source_code
        ) as recency
    from projected
    inner join {{ ref('int_demand_quarters__listed') }} as quarters
        on projected.reference_year <= cast(substr(quarters.year_quarter, 1, 4) as integer)
)

select
    year_quarter,
    soc_code,
    county_fips,
    cast(cast(sum(annual_openings_count) as decimal(18, 2)) / 4 as decimal(18, 2)) as area_openings
from ranked
where recency = 1
group by year_quarter, soc_code, county_fips
