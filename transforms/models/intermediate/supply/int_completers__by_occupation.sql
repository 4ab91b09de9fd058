-- One row per learner_key × program_id × soc_code that the completed program leads to, with its weight.
select
    completers.learner_key,
    completers.program_id,
    completers.completed_date,
    completers.parent_group_id,
    completers.county_fips,
    crosswalk.soc_code,
    crosswalk.soc_weight
from {{ ref('int_completers__described') }} as completers
inner join {{ ref('int_crosswalk__weighted') }} as crosswalk on completers.cip_code = crosswalk.cip_code
union all
-- Without a field of study, the occupation that the enrollment names speaks; without either, nothing matches.
select
    learner_key,
    program_id,
    completed_date,
    parent_group_id,
    county_fips,
    coalesce(soc_code, '99-9999'),
    cast(1 as decimal(18, 6))
from {{ ref('int_completers__described') }}
where cip_code is null
