-- One row per body_id × seat_id × held_from: one seat held by one holder.
with reported as (
    {{ lake_rows('member_role') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    body_id,
    seat_id,
    constituency as constituency_code,
    firm_id,
    role as role_code,
    {{ safe_cast('is_voting', 'integer') }} as is_voting,
    {{ safe_cast('held_from', 'date') }} as held_from,
    {{ safe_cast('held_to', 'date') }} as held_to
from reported
