-- One row per finding_id: one finding of an audit, in its latest state.
with reported as (
    {{ current_state('audit_finding', ['finding_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    finding_id,
    audit_id,
    audit_kind as audit_kind_code,
    audited_by as audited_by_code,
    firm_id,
    program_id,
    checked_contract,
    severity as severity_code,
    statement,
    {{ safe_cast('rows_affected', 'integer') }} as rows_affected,
    {{ safe_cast('found_on', 'date') }} as found_date,
    {{ safe_cast('due_on', 'date') }} as due_date,
    {{ safe_cast('resolved_on', 'date') }} as resolved_date,
    resolution as resolution_code,
    action_id
from reported
