-- One row per job begun by the announced day × milestone × group: days until the milestone, and whether it was reached.
with jobs as (
    select
        placements.*,
        coalesce(firms.parent_group_id, placements.firm_id) as parent_group_id,
        case when placements.hire_source_code = 'CONSORTIUM_PROGRAM' then 'program_hire' else 'other_hire' end as hired
    from {{ ref('stg_placement') }} as placements
    left join {{ ref('int_firms__current') }} as firms on placements.firm_id = firms.firm_id
    -- Who stays in the same job has nothing to become productive in.
    where placements.job_start_date <= {{ as_of() }} and placements.placement_type_code <> 'RETAINED_INCUMBENT'
),

milestones as (
    select 'time_to_proficiency' as metric_id, jobs.*, proficiency_date as milestone_date from jobs
    union all
    select 'time_to_productivity', jobs.*, full_productivity_date from jobs
),

followed as (
    select
        *,
        case when milestone_date <= {{ as_of() }} then milestone_date end as reached_date,
        -- Somebody who left, and somebody still on the way, are lost from sight on that day.
        least(coalesce(job_end_date, {{ as_of() }}), {{ as_of() }}) as last_date
    from milestones
),

timed as (
    select
        *,
        {{ days_between('job_start_date', 'coalesce(reached_date, last_date)') }} as days
    from followed
)

select metric_id, 'all' as group_dim, 'all' as group_value, job_start_date, parent_group_id, reached_date is not null as is_reached, days
from timed
union all
select metric_id, 'hired', hired, job_start_date, parent_group_id, reached_date is not null, days
from timed
union all
select metric_id, 'occupation', soc_code, job_start_date, parent_group_id, reached_date is not null, days
from timed
where soc_code is not null
