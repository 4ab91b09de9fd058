-- One row per year_quarter × geo_level × geography × public_source: the public unemployment rate of one area in one quarter.
with reported as (
    {{ lake_rows('unemployment_reference') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    year_quarter,
    geo_level,
    geography,
    {{ safe_cast('unemployment_rate', 'decimal(5, 2)') }} as unemployment_rate,
    public_source as public_source_code,
    {{ safe_cast('retrieved_on', 'date') }} as retrieved_date
from reported
