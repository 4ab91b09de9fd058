-- One row per kind of audit × severity, and one for each over all: findings, and how they were resolved.
with grouped as (
    select audit_kind_code as audit_kind, severity_code as severity, findings.* from {{ ref('int_findings__followed') }} as findings
    union all
    select 'all', severity_code, findings.* from {{ ref('int_findings__followed') }} as findings
    union all
    select audit_kind_code, 'all', findings.* from {{ ref('int_findings__followed') }} as findings
    union all
    select 'all', 'all', findings.* from {{ ref('int_findings__followed') }} as findings
)

select
    audit_kind,
    severity,
    cast(count(*) as bigint) as findings,
    {{ count_if("standing = 'RESOLVED'") }} as resolved,
    {{ count_if("standing = 'OPEN'") }} as open_findings,
    {{ count_if("standing = 'OVERDUE'") }} as overdue,
    -- A finding that was disputed and withdrawn was no discrepancy.
    {{ count_if("resolution_code = 'NOT_UPHELD'") }} as not_upheld,
    cast({{ exact_median('days_to_resolve') }} as double) as median_days_to_resolve,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from grouped
group by audit_kind, severity
