-- One row per rate × cohort of the consortium × parent firm. Build zone only.
select
    metric_id as watched_metric_id,
    cohort_quarter,
    parent_group_id,
    persons,
    numerator_persons,
    amount_usd
from {{ ref('int_figures__behind') }}
where member = 'consortium'
