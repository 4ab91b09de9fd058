-- One row per pilot registered by the announced day: its criterion, and the verdict once its day has come.
select
    cohort_id,
    program_id,
    criterion_metric_id as metric_id,
    criterion_direction_code as direction_code,
    margin,
    planned_count,
    study_design_code,
    registered_date,
    starts_date,
    verdict_date,
    newest_quarter,
    coalesce(is_wage_derived, false) as is_wage_derived,
    case when verdict <> 'NOT_DUE' then numerator end as numerator,
    case when verdict <> 'NOT_DUE' then denominator end as denominator,
    case when verdict <> 'NOT_DUE' then cast(value_lower as double) end as value_lower,
    case when verdict <> 'NOT_DUE' then cast(value_upper as double) end as value_upper,
    verdict,
    case
        when verdict = 'INCONCLUSIVE' then coalesce(hindrance, 'INTERVAL')
    end as inconclusive_because,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_pilots__judged') }}
