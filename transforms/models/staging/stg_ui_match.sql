-- One row per learner_key × year_quarter × employer_id_hash: one quarter of one learner as a state's wage records have it.
with reported as (
    {{ current_state('ui_match', ['learner_key', 'year_quarter', 'employer_id_hash']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    learner_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    year_quarter,
    employed as employed_code,
    match_type as match_type_code,
    {{ safe_cast('wages_usd', 'decimal(18, 2)') }} as wages_usd,
    employer_id_hash,
    employer_state,
    lwdb_code,
    data_agreement_id,
    origin as origin_code,
    {{ safe_cast('received_on', 'date') }} as received_date,
    {{ safe_cast('destroy_after', 'date') }} as destroy_after_date
from reported
