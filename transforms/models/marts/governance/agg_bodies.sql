-- One row per body of the consortium: its seats, whether enough are held to decide, and its closed loop of actions.
with loops as (
    select
        body_id,
        {{ count_if("state = 'OPEN'") }} as open_actions,
        {{ count_if("state = 'OVERDUE'") }} as overdue_actions,
        {{ count_if("state = 'CLOSED'") }} as closed_actions,
        {{ count_if("result_code = 'DONE'") }} as done_actions,
        {{ count_if("result_code in ('DONE', 'PARTLY_DONE', 'DROPPED') or state = 'OVERDUE'") }} as due_actions
    from {{ ref('int_actions__described') }}
    group by body_id
)

select
    bodies.body_id,
    bodies.body_name,
    bodies.body_type_code,
    bodies.seats,
    bodies.quorum_seats,
    cast(bodies.held_seats as bigint) as held_seats,
    cast(bodies.voting_seats as bigint) as voting_seats,
    cast(bodies.constituencies as bigint) as constituencies,
    bodies.has_chair,
    bodies.can_decide,
    bodies.last_meeting_date,
    cast(bodies.decisions as bigint) as decisions,
    coalesce(loops.open_actions, 0) as open_actions,
    coalesce(loops.overdue_actions, 0) as overdue_actions,
    coalesce(loops.closed_actions, 0) as closed_actions,
    coalesce(loops.done_actions, 0) as done_actions,
    coalesce(loops.due_actions, 0) as due_actions,
    cast(loops.done_actions as double) / nullif(cast(loops.due_actions as double), 0) as closed_loop_share,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_bodies__current') }} as bodies
left join loops on bodies.body_id = loops.body_id
