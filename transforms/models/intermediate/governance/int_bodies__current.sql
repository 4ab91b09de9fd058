-- One row per body in force on the announced day, with the seats held on that day and the day it last decided something.
with bodies as (
    select *
    from (
        select
            *,
            row_number() over (
                partition by body_id order by {{ in_force_first('valid_from') }}, submission_id desc
            ) as recency
        from {{ ref('stg_governance_body') }}
    ) as ranked
    where recency = 1 and coalesce(valid_to, {{ end_of_time() }}) >= {{ as_of() }}
),

holders as (
    select
        body_id,
        count(distinct seat_id) as held_seats,
        count(distinct case when is_voting = 1 then seat_id end) as voting_seats,
        count(distinct constituency_code) as constituencies,
        max(case when role_code = 'CHAIR' then 1 else 0 end) = 1 as has_chair
    from {{ ref('stg_member_role') }}
    where held_from <= {{ as_of() }} and coalesce(held_to, {{ end_of_time() }}) >= {{ as_of() }}
    group by body_id
),

meetings as (
    select body_id, max(decided_date) as last_meeting_date, count(*) as decisions
    from {{ ref('int_decisions__standing') }}
    group by body_id
)

select
    bodies.body_id,
    bodies.body_name,
    bodies.body_type_code,
    bodies.seats,
    bodies.quorum_seats,
    bodies.meets_every_code,
    coalesce(holders.held_seats, 0) as held_seats,
    coalesce(holders.voting_seats, 0) as voting_seats,
    coalesce(holders.constituencies, 0) as constituencies,
    coalesce(holders.has_chair, false) as has_chair,
    coalesce(holders.voting_seats, 0) >= bodies.quorum_seats as can_decide,
    meetings.last_meeting_date,
    coalesce(meetings.decisions, 0) as decisions
from bodies
left join holders on bodies.body_id = holders.body_id
left join meetings on bodies.body_id = meetings.body_id
