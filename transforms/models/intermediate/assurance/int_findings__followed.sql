-- One row per audit finding made by the announced day: where it stands on that day.
with findings as (
    select
        *,
        case when resolved_date <= {{ as_of() }} then resolved_date end as closed_date
    from {{ ref('stg_audit_finding') }}
    where found_date <= {{ as_of() }}
)

select
    findings.finding_id,
    findings.audit_id,
    findings.audit_kind_code,
    findings.severity_code,
    findings.firm_id,
    coalesce(firms.parent_group_id, findings.firm_id) as parent_group_id,
    findings.program_id,
    findings.checked_contract,
    findings.rows_affected,
    findings.found_date,
    findings.due_date,
    findings.closed_date,
    case when findings.closed_date is not null then findings.resolution_code end as resolution_code,
    case
        when findings.closed_date is not null then 'RESOLVED'
        when findings.due_date < {{ as_of() }} then 'OVERDUE'
        else 'OPEN'
    end as standing,
    {{ days_between('findings.found_date', 'findings.closed_date') }} as days_to_resolve
from findings
left join {{ ref('int_firms__current') }} as firms on findings.firm_id = firms.firm_id
