-- One row per metric: the version of the rules its figures are computed under, and the decision behind it, its own or that for all.
with rules as (
    select * from {{ ref('int_rules__in_force') }}
    where subject_code = 'METRIC_DEFINITION'
)

select
    definitions.metric_id,
    definitions.name as metric_name,
    coalesce(own.decided_version, every.decided_version) as decided_version,
    coalesce(own.decision_id, every.decision_id) as decision_id,
    coalesce(own.decided_date, every.decided_date) as decided_date,
    coalesce(coalesce(own.decided_version, every.decided_version) = '{{ var("rule_version") }}', false) as is_decided,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('metric_definitions') }} as definitions
left join rules as own on definitions.metric_id = own.rule_name and own.decision_id is not null
left join rules as every on every.rule_name = 'METRICS' and every.decision_id is not null
