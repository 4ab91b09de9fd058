-- One row per contract × firm_id × quarter whose extract has arrived: a file rejected whole has not.
select distinct
    contract,
    box_firm_id as firm_id,
    box_period as year_quarter
from {{ ref('int_submissions__in_force') }}
where status_code <> 'REJECTED'
