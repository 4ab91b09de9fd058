-- One row per alert found by a chart, or written into the register of alerts by the announced day: the two side by side.
with registered as (
    select
        *,
        coalesce(program_id, 'consortium') as member
    from {{ ref('stg_alert') }}
    where opened_date <= {{ as_of() }}
)

select
    coalesce(found.alert_kind_code, registered.alert_kind_code) as alert_kind_code,
    coalesce(found.metric_id, registered.metric_id) as metric_id,
    coalesce(found.member, registered.member) as member,
    coalesce(found.cohort_quarter, registered.cohort_end_quarter) as cohort_quarter,
    found.side,
    registered.alert_id,
    registered.opened_date,
    registered.owner_seat_id,
    registered.acknowledged_date,
    case when registered.cleared_date <= {{ as_of() }} then registered.cleared_date end as cleared_date,
    case when registered.cleared_date <= {{ as_of() }} then registered.clear_reason_code end as clear_reason_code,
    case
        when registered.alert_id is null then 'UNOWNED'
        when found.metric_id is null and registered.alert_kind_code in ('P_CHART', 'CUSUM') then 'UNFOUNDED'
        when registered.cleared_date <= {{ as_of() }} then 'CLEARED'
        else 'OPEN'
    end as state
from {{ ref('int_alerts__found') }} as found
full outer join registered
    on found.alert_kind_code = registered.alert_kind_code
    and found.metric_id = registered.metric_id
    and found.member = registered.member
    and found.cohort_quarter = registered.cohort_end_quarter
