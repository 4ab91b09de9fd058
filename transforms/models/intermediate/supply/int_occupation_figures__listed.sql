-- One row per soc_code × geo_level × geography × public_source × reference_year: public figures on one occupation.
select
    soc_code,
    geo_level,
    geography,
    public_source_code,
    reference_year,
    target_year,
    employment_count,
    annual_openings_count,
    retrieved_date
from {{ ref('stg_occupation_reference') }}
