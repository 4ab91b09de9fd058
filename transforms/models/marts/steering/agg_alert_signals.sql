-- One row per rate × cohort of the consortium that raised an alert, and per rate its newest judged cohort.
with judged as (
    select
        *,
        row_number() over (partition by metric_id order by cohort_quarter desc) as from_newest
    from {{ ref('int_alerts__charted') }}
    where member = 'consortium' and not_judged_because is null
),

raised as (
    select
        metric_id,
        cohort_quarter,
        min(case when state = 'CLEARED' then 1 else 0 end) as is_cleared
    from {{ ref('int_alerts__kept') }}
    where member = 'consortium' and side is not null
    group by metric_id, cohort_quarter
)

select
    judged.metric_id as watched_metric_id,
    judged.cohort_quarter,
    judged.newest_quarter,
    judged.is_wage_derived,
    judged.numerator,
    judged.denominator,
    cast(case
        when raised.metric_id is null then 1
        when raised.is_cleared = 1 then 0
        else -1
    end as integer) as signal,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from judged
left join raised on judged.metric_id = raised.metric_id and judged.cohort_quarter = raised.cohort_quarter
where judged.from_newest = 1 or raised.metric_id is not null
