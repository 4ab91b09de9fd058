-- One row per body × thing × change since the body last met.
select
    changed.body_id,
    bodies.last_meeting_date,
    changed.kind,
    changed.thing_id,
    changed.change,
    changed.changed_date,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_meetings__changed') }} as changed
left join {{ ref('int_bodies__current') }} as bodies on changed.body_id = bodies.body_id
