-- One row per firm_id × establishment_id × year_quarter × measure: one measure of one site in one quarter.
with reported as (
    {{ lake_rows('firm_performance') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    firm_id,
    establishment_id,
    year_quarter,
    measure as measure_code,
    {{ safe_cast('value', 'decimal(18, 4)') }} as value,
    unit as unit_code,
    output_definition
from reported
