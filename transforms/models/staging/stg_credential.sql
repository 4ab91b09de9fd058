-- One row per learner_key × credential_id × attained_date and box: the latest state reported.
with reported as (
    {{ current_state('credential', ['learner_key', 'credential_id', 'attained_date']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    learner_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    credential_id,
    credential_type_pirl as credential_type_code,
    ctdl_type,
    {{ safe_cast('attained_date', 'date') }} as attained_date,
    {{ safe_cast('valid_until', 'date') }} as valid_until_date,
    status as status_code,
    {{ safe_cast('status_date', 'date') }} as status_date,
    issuer_id,
    program_id,
    assessment_mode,
    {{ safe_cast('score', 'decimal(7, 2)') }} as score,
    score_scale,
    {{ safe_cast('cut_score', 'decimal(7, 2)') }} as cut_score,
    verification as verification_code,
    ob3_credential_hash,
    stack_of as stack_of_credential_id,
    {{ safe_cast('credit_value', 'decimal(7, 2)') }} as credit_value,
    credit_unit
from reported
