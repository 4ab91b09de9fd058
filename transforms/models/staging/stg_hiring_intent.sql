-- One row per firm_id × stated_quarter × soc_code × county_fips × expected_quarter: seats one firm expects in one quarter, as stated in another.
with reported as (
    {{ lake_rows('hiring_intent') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    firm_id,
    stated_quarter,
    soc_code,
    county_fips,
    expected_quarter,
    {{ safe_cast('seats_expected', 'integer') }} as seats_expected,
    {{ safe_cast('seats_requisitioned', 'integer') }} as seats_requisitioned,
    {{ safe_cast('headcount', 'integer') }} as headcount
from reported
