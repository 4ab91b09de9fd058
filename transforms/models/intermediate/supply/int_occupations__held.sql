-- One row per learner_key × year_quarter × soc_code in which somebody who completed a program worked at a member firm.
with completers as (
    select distinct learner_key from {{ ref('int_completers__described') }}
)

select wages.learner_key, wages.year_quarter, wages.soc_code
from {{ ref('int_wages__by_person_firm_quarter') }} as wages
inner join completers on wages.learner_key = completers.learner_key
where wages.soc_code is not null
union
select placements.learner_key, quarters.year_quarter, placements.soc_code
from {{ ref('stg_placement') }} as placements
inner join completers on placements.learner_key = completers.learner_key
inner join {{ ref('int_demand_quarters__listed') }} as quarters
    on placements.job_start_date <= quarters.last_date
    and coalesce(placements.job_end_date, {{ end_of_time() }}) >= quarters.last_date
where placements.soc_code is not null
