-- One row per box × mentor_key × mentee_key × started_on: one mentor and one mentee.
with reported as (
    {{ current_state('mentoring_pair', ['mentor_key', 'mentee_key', 'started_on']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    mentor_key,
    mentee_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    mode as mode_code,
    group_id,
    program_id,
    {{ safe_cast('started_on', 'date') }} as started_date,
    {{ safe_cast('ended_on', 'date') }} as ended_date,
    {{ safe_cast('sessions_held', 'integer') }} as sessions_held,
    {{ safe_cast('hours_held', 'decimal(7, 2)') }} as hours_held
from reported
