-- One row per horizon × base quarter × kind of job × parent firm, with the later pay of its people. Build zone only.
select
    jobs.horizon,
    jobs.base_quarter,
    kinds.employer,
    jobs.parent_group_id,
    cast(count(*) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    {{ sum_usd('jobs.later_wages_usd') }} as amount_usd
from {{ ref('int_jobs__after_horizon') }} as jobs
inner join (
    select 'all' as employer
    union all
    select 'same'
    union all
    select 'another'
) as kinds
    on kinds.employer = 'all'
    or (kinds.employer = 'same' and jobs.is_same_employer)
    or (kinds.employer = 'another' and not jobs.is_same_employer)
where jobs.is_observed and jobs.real_change_usd is not null
group by jobs.horizon, jobs.base_quarter, kinds.employer, jobs.parent_group_id
