-- One row per alert that a chart found or the register holds: its figure, its owner, and how far it has come.
select
    alert_kind_code,
    metric_id,
    member,
    cohort_quarter,
    side,
    alert_id,
    owner_seat_id,
    opened_date,
    acknowledged_date,
    cleared_date,
    clear_reason_code,
    state,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_alerts__kept') }}
