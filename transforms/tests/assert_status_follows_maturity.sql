-- Only a mature figure carries a value, and a figure without a value says why.
select metric_id, breakdown, member, cohort_start, cohort_end
from {{ ref('agg_outcomes') }}
where (value is null) <> (value_status <> 1)
    or (maturity = 'MATURE') <> (value_status in (1, -2))

union all

select unit, breakdown, member, cohort_start, cohort_end
from {{ ref('agg_unit_costs') }}
where (value is null) <> (value_status <> 1)
    or (maturity = 'MATURE') <> (value_status in (1, -2))
