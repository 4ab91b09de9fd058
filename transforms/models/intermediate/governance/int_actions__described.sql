-- One row per action item agreed by the announced day: how it stands, and the day of the body's last meeting.
with actions as (
    select
        *,
        case when closed_date <= {{ as_of() }} then closed_date end as known_closed_date
    from {{ ref('stg_action_item') }}
    where opened_date <= {{ as_of() }}
)

select
    actions.action_id,
    actions.task,
    actions.alert_id,
    actions.metric_id,
    actions.decision_id,
    coalesce(actions.body_id, 'none') as body_id,
    actions.owner_seat_id,
    actions.opened_date,
    actions.due_date,
    actions.known_closed_date as closed_date,
    case when actions.known_closed_date is not null then actions.result_code end as result_code,
    case
        when actions.known_closed_date is not null then 'CLOSED'
        when actions.due_date < {{ as_of() }} then 'OVERDUE'
        else 'OPEN'
    end as state,
    bodies.last_meeting_date
from actions
left join {{ ref('int_bodies__current') }} as bodies on actions.body_id = bodies.body_id
