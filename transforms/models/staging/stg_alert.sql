-- One row per alert_id: one alert, in its latest state.
with reported as (
    {{ current_state('alert', ['alert_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    alert_id,
    alert_kind as alert_kind_code,
    metric_id,
    program_id,
    cohort_start as cohort_start_quarter,
    cohort_end as cohort_end_quarter,
    maturity as maturity_code,
    {{ safe_cast('observed_value', 'decimal(16, 4)') }} as observed_value,
    {{ safe_cast('limit_value', 'decimal(16, 4)') }} as limit_value,
    rule_version,
    {{ safe_cast('opened_on', 'date') }} as opened_date,
    owner_seat_id,
    {{ safe_cast('acknowledged_on', 'date') }} as acknowledged_date,
    {{ safe_cast('cleared_on', 'date') }} as cleared_date,
    clear_reason as clear_reason_code
from reported
