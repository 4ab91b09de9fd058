-- One row per box × learner_key × program_id × milestone × incentive_type × awarded_on: one award to one learner.
with reported as (
    {{ current_state('incentive_award', ['learner_key', 'program_id', 'milestone', 'incentive_type', 'awarded_on']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    learner_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    program_id,
    milestone as milestone_code,
    incentive_type as incentive_type_code,
    {{ safe_cast('awarded_on', 'date') }} as awarded_date,
    {{ safe_cast('amount_usd', 'decimal(18, 2)') }} as amount_usd,
    {{ safe_cast('hours_granted', 'decimal(7, 2)') }} as hours_granted,
    {{ safe_cast('award_tier', 'integer') }} as award_tier,
    credential_id,
    paid_from as paid_from_code
from reported
