-- One row per learner_key × base quarter a year apart, back to five years: the occupation then and a year later.
{{ config(meta={'by_person': true}) }}
with bases as (
    select newest.last_index - 4 * years.years_back as base_index
    from (select max(last_index) as last_index from {{ ref('int_mobility_windows__listed') }}) as newest
    cross join ({{ integers(1, 5, 'years_back') }}) as years
)

select
    jobs.learner_key,
    jobs.year_quarter as base_quarter,
    coalesce(firms.parent_group_id, jobs.firm_id) as parent_group_id,
    jobs.soc_code as from_soc_code,
    later.soc_code as to_soc_code
from bases
inner join {{ people_of(ref('int_employers__primary')) }} as jobs on bases.base_index = jobs.quarter_index
inner join {{ people_of(ref('int_employers__primary')) }} as later
    on jobs.learner_key = later.learner_key and jobs.quarter_index + 4 = later.quarter_index
left join {{ ref('int_firms__current') }} as firms on jobs.firm_id = firms.firm_id
where jobs.soc_code is not null and later.soc_code is not null
