-- One row per learner_key × firm_id × job_start_date × position_key and box: the latest state reported.
with reported as (
    {{ current_state('placement', ['learner_key', 'firm_id', 'job_start_date', 'position_key']) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    learner_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    firm_id,
    position_key,
    requisition_id,
    {{ safe_cast('job_start_date', 'date') }} as job_start_date,
    {{ safe_cast('job_end_date', 'date') }} as job_end_date,
    separation_reason as separation_reason_code,
    placement_type as placement_type_code,
    soc_code,
    job_title,
    naics_code,
    work_county_fips,
    worker_type as worker_type_code,
    {{ safe_cast('unsubsidized', 'integer') }} as unsubsidized,
    {{ safe_cast('training_related', 'integer') }} as training_related,
    {{ safe_cast('apprenticeship_step', 'integer') }} as apprenticeship_step,
    {{ safe_cast('entry_wage_rate_usd_hr', 'decimal(18, 2)') }} as entry_wage_rate_usd_hr,
    hire_source as hire_source_code,
    {{ safe_cast('proficiency_date', 'date') }} as proficiency_date,
    {{ safe_cast('full_productivity_date', 'date') }} as full_productivity_date,
    {{ safe_cast('supervisor_confirm', 'integer') }} as supervisor_confirm
from reported
