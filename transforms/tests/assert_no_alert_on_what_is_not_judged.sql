-- Every alert of a chart is about a cohort that was judged: mature, and on enough people to be shown.
select alerts.*
from {{ ref('agg_alerts') }} as alerts
left join {{ ref('agg_alert_limits') }} as limits
    on alerts.metric_id = limits.metric_id
    and alerts.member = limits.member
    and alerts.cohort_quarter = limits.cohort_quarter
    and limits.maturity = 'MATURE'
    and limits.not_judged_because is null
where alerts.side is not null and limits.metric_id is null
