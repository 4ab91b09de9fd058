-- One row per decision_id: one motion and what became of it.
with reported as (
    {{ current_state('decision_log', ['decision_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    decision_id,
    body_id,
    {{ safe_cast('decided_on', 'date') }} as decided_date,
    subject as subject_code,
    motion,
    rationale,
    outcome as outcome_code,
    {{ safe_cast('effective_date', 'date') }} as effective_date,
    affected_rule,
    affected_rule_version,
    proposed_by_seat_id,
    approved_by_seat_id,
    {{ safe_cast('votes_for', 'integer') }} as votes_for,
    {{ safe_cast('votes_against', 'integer') }} as votes_against,
    {{ safe_cast('abstentions', 'integer') }} as abstentions,
    replaces_decision_id
from reported
