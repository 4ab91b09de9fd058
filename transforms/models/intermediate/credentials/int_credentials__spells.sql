-- One row per learner_key × credential_id × attained_date: the days on which the credential is active.
with states as (
    select
        *,
        case when status_code <> 'ACTIVE' then coalesce(status_date, attained_date) end as lost_date
    from {{ ref('stg_credential') }}
)

select
    learner_key,
    credential_id,
    attained_date,
    max(program_id) as program_id,
    max(credit_value) as credit_value,
    max(credit_unit) as credit_unit_code,
    -- Where two firms report different ends, the earlier one holds. The day a status changed is no longer active.
    min(least(
        coalesce(valid_until_date, {{ end_of_time() }}),
        coalesce({{ days_after('lost_date', -1) }}, {{ end_of_time() }})
    )) as active_until
from states
group by learner_key, credential_id, attained_date
