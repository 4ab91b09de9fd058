-- One row per learner_key × firm_id × year_quarter: what one firm paid one person in one quarter.
{{ config(meta={'by_submission': true}) }}
select
    submission_id,
    learner_key,
    firm_id,
    year_quarter,
    soc_code,
    primary_work_county_fips,
    gross_wages_usd as wages_usd,
    hours_paid,
    -- A blank is not 0: pay that is not known to be unsubsidized proves no unsubsidized employment.
    coalesce(gross_wages_usd > 0 and subsidized = 0, false) as is_unsubsidized_pay
from {{ ref('stg_wage') }}
