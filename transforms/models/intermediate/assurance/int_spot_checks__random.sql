-- One row per spot check × fact that says something about all records: drawn at random, done by the announced day.
select
    checks.spot_check_id,
    checks.checked_contract,
    checks.checked_column,
    checks.checked_quarter,
    coalesce(firms.parent_group_id, checks.firm_id) as parent_group_id,
    checks.sampled_count,
    checks.agreed_count,
    checks.disagreed_count,
    checks.unverifiable_count
from {{ ref('stg_spot_check') }} as checks
left join {{ ref('int_firms__current') }} as firms on checks.firm_id = firms.firm_id
-- A sample drawn where errors were likely says nothing about the other records.
where checks.sample_method in ('RANDOM', 'STRATIFIED')
    and checks.checked_date <= {{ as_of() }}
