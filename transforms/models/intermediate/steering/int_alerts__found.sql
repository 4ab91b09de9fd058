-- One row per alert that a chart raises: every cohort beyond the p-chart's limits, and each cohort with which a drift begins.
with charted as (
    select
        *,
        lag(cusum_state) over (partition by metric_id, member order by cohort_quarter) as cusum_state_before
    from {{ ref('int_alerts__charted') }}
    where not_judged_because is null
)

select 'P_CHART' as alert_kind_code, metric_id, member, cohort_quarter, p_chart_state as side
from charted
where p_chart_state in ('LOW', 'HIGH')

union all

select 'CUSUM', metric_id, member, cohort_quarter, cusum_state
from charted
where cusum_state in ('LOW', 'HIGH') and cusum_state <> coalesce(cusum_state_before, 'WITHIN')
