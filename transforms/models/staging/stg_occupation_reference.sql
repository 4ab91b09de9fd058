-- One row per soc_code × geo_level × geography × public_source × reference_year: public figures on one occupation in one area.
with reported as (
    {{ lake_rows('occupation_reference') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    soc_code,
    geo_level,
    geography,
    public_source as public_source_code,
    {{ safe_cast('reference_year', 'integer') }} as reference_year,
    {{ safe_cast('target_year', 'integer') }} as target_year,
    {{ safe_cast('employment_count', 'integer') }} as employment_count,
    {{ safe_cast('annual_openings_count', 'integer') }} as annual_openings_count,
    {{ safe_cast('median_hourly_wage_usd', 'decimal(12, 2)') }} as median_hourly_wage_usd,
    {{ safe_cast('median_annual_wage_usd', 'decimal(18, 2)') }} as median_annual_wage_usd,
    {{ safe_cast('retrieved_on', 'date') }} as retrieved_date
from reported
