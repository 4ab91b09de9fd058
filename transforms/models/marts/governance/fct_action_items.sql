-- One row per action item agreed by the announced day, with what gave rise to it and how it stands.
select
    action_id,
    task,
    alert_id,
    metric_id,
    decision_id,
    body_id,
    owner_seat_id,
    opened_date,
    due_date,
    closed_date,
    result_code,
    state
from {{ ref('int_actions__described') }}
