-- One row per spot_check_id × checked_contract × checked_column: the current state of a sample of one firm's records.
with reported as (
    {{ current_state('spot_check', ['spot_check_id', 'checked_contract', 'checked_column']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    spot_check_id,
    firm_id,
    checked_contract,
    checked_column,
    period as checked_quarter,
    sample_method,
    {{ safe_cast('frame_n', 'integer') }} as frame_count,
    {{ safe_cast('sampled_n', 'integer') }} as sampled_count,
    {{ safe_cast('agreed_n', 'integer') }} as agreed_count,
    {{ safe_cast('disagreed_n', 'integer') }} as disagreed_count,
    {{ safe_cast('unverifiable_n', 'integer') }} as unverifiable_count,
    evidence,
    checked_by,
    {{ safe_cast('checked_on', 'date') }} as checked_date
from reported
