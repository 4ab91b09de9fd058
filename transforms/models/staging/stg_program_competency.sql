-- One row per program_id × competency_id × valid_from: what a program teaches of a competency.
with reported as (
    {{ lake_rows('program_competency') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    program_id,
    competency_id,
    {{ safe_cast('entry_level', 'integer') }} as entry_level,
    {{ safe_cast('target_level', 'integer') }} as target_level,
    {{ safe_cast('is_assessed', 'integer') }} as is_assessed,
    {{ safe_cast('clock_hours', 'decimal(7, 2)') }} as clock_hours,
    {{ safe_cast('valid_from', 'date') }} as valid_from,
    {{ safe_cast('valid_to', 'date') }} as valid_to
from reported
