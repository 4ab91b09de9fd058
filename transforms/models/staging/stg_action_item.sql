-- One row per action_id: one task, in its latest state.
with reported as (
    {{ current_state('action_item', ['action_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    action_id,
    task,
    alert_id,
    metric_id,
    decision_id,
    body_id,
    owner_seat_id,
    {{ safe_cast('opened_on', 'date') }} as opened_date,
    {{ safe_cast('due_on', 'date') }} as due_date,
    {{ safe_cast('closed_on', 'date') }} as closed_date,
    result as result_code
from reported
