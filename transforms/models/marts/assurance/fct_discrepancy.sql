-- One row per discrepancy: an audit finding that was upheld or is open, or a checked fact on which records disagreed.
select
    'audit_finding' as source,
    finding_id as discrepancy_id,
    firm_id,
    checked_contract,
    cast(null as varchar) as checked_column,
    cast(rows_affected as bigint) as rows_affected,
    found_date,
    standing,
    closed_date
from {{ ref('int_findings__followed') }}
where coalesce(resolution_code, '') <> 'NOT_UPHELD'

union all

select
    'spot_check',
    spot_check_id || '|' || checked_contract || '|' || checked_column,
    firm_id,
    checked_contract,
    checked_column,
    cast(disagreed_count as bigint),
    checked_date,
    'OPEN',
    null
from {{ ref('int_spot_checks__disagreed') }}
