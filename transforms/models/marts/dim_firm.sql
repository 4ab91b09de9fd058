-- One row per firm_id in the register.
select
    firm_id,
    parent_group_id,
    display_label,
    naics_code,
    sector_code,
    sector_title,
    size_class,
    county_fips,
    lwdb_code,
    joined_date,
    left_date
from {{ ref('int_firms__current') }}
