-- One row per learner_key × firm_id × year_quarter: pay of one person by one firm in one quarter. In a build that goes on:
-- of the submissions that count otherwise.
with reported as (
    {{ lake_rows('wage', changed_only=true) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    learner_key,
    {{ safe_cast('key_epoch', 'integer') }} as key_epoch,
    firm_id,
    year_quarter,
    {{ safe_cast('gross_wages_usd', 'decimal(12, 2)') }} as gross_wages_usd,
    {{ safe_cast('hours_paid', 'decimal(7, 2)') }} as hours_paid,
    {{ safe_cast('hours_worked', 'decimal(7, 2)') }} as hours_worked,
    {{ safe_cast('weeks_worked', 'integer') }} as weeks_worked,
    {{ safe_cast('month1_flag', 'integer') }} as month1_flag,
    {{ safe_cast('month2_flag', 'integer') }} as month2_flag,
    {{ safe_cast('month3_flag', 'integer') }} as month3_flag,
    soc_code,
    worker_type as worker_type_code,
    primary_work_county_fips,
    primary_work_zip3,
    pay_basis as pay_basis_code,
    {{ safe_cast('subsidized', 'integer') }} as subsidized,
    {{ safe_cast('participant_flag', 'integer') }} as participant_flag,
    correction_reason as correction_reason_code,
    record_action as record_action_code
from reported
