-- One row per instrument_id × wave × response_id × question_id: one answer to one question.
with reported as (
    {{ current_state('survey_response', ['instrument_id', 'wave', 'response_id', 'question_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    instrument_id,
    {{ safe_cast('wave', 'integer') }} as wave,
    response_id,
    question_id,
    respondent_role as respondent_role_code,
    kirkpatrick_level as kirkpatrick_level_code,
    learner_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    program_id,
    cohort_id,
    {{ safe_cast('asked_on', 'date') }} as asked_date,
    {{ safe_cast('value', 'decimal(7, 2)') }} as value,
    {{ safe_cast('scale_least', 'decimal(7, 2)') }} as scale_least,
    {{ safe_cast('scale_most', 'decimal(7, 2)') }} as scale_most,
    no_answer_reason as no_answer_reason_code
from reported
