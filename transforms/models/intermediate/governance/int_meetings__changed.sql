-- One row per body × thing that changed since the body last met: an action item, an alert with an item before the body, a decision.
with actions as (
    select * from {{ ref('int_actions__described') }}
),

alerts as (
    select distinct
        actions.body_id,
        actions.last_meeting_date,
        kept.alert_id,
        kept.alert_kind_code,
        kept.opened_date,
        kept.cleared_date,
        kept.state
    from {{ ref('int_alerts__kept') }} as kept
    inner join actions on kept.alert_id = actions.alert_id
)

select body_id, 'ACTION' as kind, action_id as thing_id, 'OPENED' as change, opened_date as changed_date
from actions
where opened_date > coalesce(last_meeting_date, {{ beginning_of_time() }})

union all

select body_id, 'ACTION', action_id, 'CLOSED_' || result_code, closed_date
from actions
where closed_date > coalesce(last_meeting_date, {{ beginning_of_time() }})

union all

-- Overdue is what fell due since; what was overdue at the last meeting is the state of the item.
select body_id, 'ACTION', action_id, 'FELL_DUE', due_date
from actions
where state = 'OVERDUE' and due_date > coalesce(last_meeting_date, {{ beginning_of_time() }})

union all

select body_id, 'ALERT', alert_id, 'OPENED', opened_date
from alerts
where opened_date > coalesce(last_meeting_date, {{ beginning_of_time() }})

union all

select body_id, 'ALERT', alert_id, 'CLEARED', cleared_date
from alerts
where cleared_date > coalesce(last_meeting_date, {{ beginning_of_time() }})

union all

select bodies.body_id, 'DECISION', decisions.decision_id, 'CAME_INTO_FORCE', decisions.effective_date
from {{ ref('int_decisions__standing') }} as decisions
inner join {{ ref('int_bodies__current') }} as bodies on decisions.body_id = bodies.body_id
where decisions.is_standing and decisions.effective_date > bodies.last_meeting_date
