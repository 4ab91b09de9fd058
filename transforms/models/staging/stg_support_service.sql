-- One row per box × learner_key × program_id × support_type × need_found_on: one need of one learner and what was provided.
with reported as (
    {{ current_state('support_service', ['learner_key', 'program_id', 'support_type', 'need_found_on']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    learner_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    program_id,
    support_type as support_type_code,
    {{ safe_cast('need_found_on', 'date') }} as need_found_date,
    support_status as support_status_code,
    {{ safe_cast('provided_from', 'date') }} as provided_from,
    {{ safe_cast('provided_to', 'date') }} as provided_to,
    {{ safe_cast('amount_usd', 'decimal(18, 2)') }} as amount_usd,
    funding_source,
    {{ safe_cast('by_partner', 'integer') }} as by_partner
from reported
