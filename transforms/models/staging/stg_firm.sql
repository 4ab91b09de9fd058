-- One row per firm_id × valid_from: one version of a firm in the register.
with reported as (
    {{ lake_rows('firm') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    firm_id,
    parent_group_id,
    display_label,
    legal_name_hash,
    fein_hash,
    naics_code,
    size_class,
    {{ safe_cast('headcount', 'integer') }} as headcount,
    {{ safe_cast('payroll_usd', 'decimal(18, 2)') }} as payroll_usd,
    county_fips,
    lwdb_code,
    value_chain_tier,
    {{ safe_cast('union_represented', 'integer') }} as union_represented,
    {{ safe_cast('joined_on', 'date') }} as joined_date,
    {{ safe_cast('left_on', 'date') }} as left_date,
    {{ safe_cast('valid_from', 'date') }} as valid_from,
    {{ safe_cast('valid_to', 'date') }} as valid_to
from reported
