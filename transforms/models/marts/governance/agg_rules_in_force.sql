-- One row per rule that decides a published number: the version in force, and the decision that put it there.
select
    subject_code,
    rule_name,
    coalesce(registered_version, decided_version) as version_in_force,
    decided_version,
    registered_version,
    state,
    decision_id,
    body_id,
    decided_date,
    effective_date,
    motion,
    rationale,
    votes_for,
    votes_against,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from {{ ref('int_rules__in_force') }}
