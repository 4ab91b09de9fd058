-- One row per firm_id × requisition_id × line_number: seats that share their dates, in the latest state that the firm reported.
with reported as (
    {{ current_state('demand_requisition', ['firm_id', 'requisition_id', "coalesce(line_number, 0)"]) }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    firm_id,
    requisition_id,
    {{ safe_cast('line_number', 'integer') }} as line_number,
    establishment_id,
    soc_code,
    county_fips,
    {{ safe_cast('seats', 'integer') }} as seats,
    {{ safe_cast('opened_on', 'date') }} as opened_date,
    {{ safe_cast('approved_on', 'date') }} as approved_date,
    {{ safe_cast('posted_on', 'date') }} as posted_date,
    {{ safe_cast('accepted_on', 'date') }} as accepted_date,
    {{ safe_cast('started_on', 'date') }} as started_date,
    {{ safe_cast('cancelled_on', 'date') }} as cancelled_date,
    fill_channel,
    {{ safe_cast('critical_role', 'integer') }} as critical_role,
    required_credential_id
from reported
