-- One row per milestone (proficiency, full productivity) × group of jobs: the day by which half have reached it.
with counted as (
    select
        metric_id,
        group_dim,
        group_value,
        min({{ quarter_of('job_start_date') }}) as first_quarter,
        max({{ quarter_of('job_start_date') }}) as last_quarter,
        count(*) as jobs,
        {{ count_if('is_reached') }} as reached
    from {{ ref('int_starts__followed') }}
    group by metric_id, group_dim, group_value
),

medians as (
    select
        metric_id,
        group_dim,
        group_value,
        min(case when reached_share >= 0.5 - 1e-9 then days end) as median_days
    from {{ ref('int_starts__by_day') }}
    group by metric_id, group_dim, group_value
)

select
    counted.metric_id,
    counted.group_dim,
    counted.group_value,
    counted.first_quarter,
    counted.last_quarter,
    cast(counted.jobs as bigint) as jobs,
    cast(counted.reached as bigint) as reached,
    cast(medians.median_days as bigint) as median_days,
    cast(curve.at_risk as bigint) as at_risk_at_median,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
left join medians
    on counted.metric_id = medians.metric_id
    and counted.group_dim = medians.group_dim
    and counted.group_value = medians.group_value
left join {{ ref('int_starts__by_day') }} as curve
    on medians.metric_id = curve.metric_id
    and medians.group_dim = curve.group_dim
    and medians.group_value = curve.group_value
    and medians.median_days = curve.days
