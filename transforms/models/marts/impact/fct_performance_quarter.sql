-- One row per firm_id × establishment_id × year_quarter × measure: what performance is compared on. Firm-level: never leaves the build zone.
select
    firm_id,
    parent_group_id,
    establishment_id,
    year_quarter,
    measure_code,
    unit_code,
    output_definition,
    value,
    entry_quarter
from {{ ref('int_performance__dated') }}
