-- One row per occupation × area × public source: its newest public figures, wages left out.
with ranked as (
    select
        *,
        case when geo_level = 'C' then {{ comparable_county('geography') }} else geography end as comparable_geography,
        row_number() over (
            partition by soc_code, geo_level, geography, public_source_code order by reference_year desc
        ) as recency
    from {{ ref('int_occupation_figures__listed') }}
)

select
    soc_code,
    geo_level,
    comparable_geography as geography,
    public_source_code,
    max(reference_year) as reference_year,
    max(target_year) as target_year,
    cast(sum(employment_count) as bigint) as employment_count,
    cast(sum(annual_openings_count) as bigint) as annual_openings_count,
    cast(cast(sum(annual_openings_count) as decimal(18, 2)) / 4 as decimal(18, 2)) as openings_per_quarter,
    max(retrieved_date) as retrieved_date
from ranked
where recency = 1
group by soc_code, geo_level, comparable_geography, public_source_code
