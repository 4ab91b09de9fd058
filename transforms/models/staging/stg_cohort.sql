-- One row per cohort_id: one cohort or pilot of a program.
with reported as (
    {{ lake_rows('cohort') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    cohort_id,
    program_id,
    cohort_kind as cohort_kind_code,
    {{ safe_cast('starts_on', 'date') }} as starts_date,
    {{ safe_cast('ends_on', 'date') }} as ends_date,
    {{ safe_cast('planned_n', 'integer') }} as planned_count,
    study_design as study_design_code,
    criterion_metric_id,
    criterion_direction as criterion_direction_code,
    {{ safe_cast('margin', 'decimal(16, 4)') }} as margin,
    {{ safe_cast('registered_on', 'date') }} as registered_date,
    {{ safe_cast('verdict_on', 'date') }} as verdict_date,
    expands_cohort_id,
    decision_id
from reported
