-- One row per firm_id × establishment_id × valid_from: one version of a site of a firm.
with reported as (
    {{ lake_rows('establishment') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    firm_id,
    establishment_id,
    reporting_unit,
    naics_code,
    ownership_code,
    {{ safe_cast('headcount', 'integer') }} as headcount,
    county_fips,
    lwdb_code,
    {{ safe_cast('union_represented', 'integer') }} as union_represented,
    {{ safe_cast('hosts_training', 'integer') }} as hosts_training,
    {{ safe_cast('has_productivity_standard', 'integer') }} as has_productivity_standard,
    {{ safe_cast('opened_on', 'date') }} as opened_date,
    {{ safe_cast('closed_on', 'date') }} as closed_date,
    {{ safe_cast('valid_from', 'date') }} as valid_from,
    {{ safe_cast('valid_to', 'date') }} as valid_to
from reported
