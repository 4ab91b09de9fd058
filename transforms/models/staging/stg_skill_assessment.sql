-- One row per box × learner_key × competency_id × assessed_on × rater_id: one rating of one learner.
with reported as (
    {{ current_state('skill_assessment', ['learner_key', 'competency_id', 'assessed_on', 'rater_id']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    learner_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    competency_id,
    {{ safe_cast('assessed_on', 'date') }} as assessed_date,
    occasion as occasion_code,
    program_id,
    {{ safe_cast('level', 'decimal(4, 2)') }} as level,
    {{ safe_cast('cut_level', 'decimal(4, 2)') }} as cut_level,
    method as method_code,
    rater_role as rater_role_code,
    rater_id,
    site_id,
    soc_code
from reported
