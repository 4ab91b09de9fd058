-- Rows in = accepted + quarantined, for every submission and for every contract.
select submission_id
from {{ ref('int_submissions__in_force') }}
where rows_in is distinct from accepted + quarantined

union all

select contract
from {{ ref('agg_intake_quality') }}
where rows_in is distinct from accepted + quarantined
