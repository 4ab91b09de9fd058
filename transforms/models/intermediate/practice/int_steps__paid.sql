-- One row per apprentice step × quarter after the one it began in, while it lasts: pay an hour against the step's rate.
with steps as (
    select
        learner_key,
        firm_id,
        position_key,
        soc_code,
        apprenticeship_step,
        entry_wage_rate_usd_hr,
        job_start_date,
        job_end_date,
        lead(job_start_date) over (partition by learner_key, firm_id order by job_start_date, position_key) as next_start
    from {{ ref('stg_placement') }}
    where apprenticeship_step is not null and entry_wage_rate_usd_hr > 0 and job_start_date <= {{ as_of() }}
)

select
    steps.learner_key,
    steps.firm_id,
    coalesce(firms.parent_group_id, steps.firm_id) as parent_group_id,
    steps.apprenticeship_step,
    wages.year_quarter,
    wages.wages_usd,
    wages.wages_usd >= wages.hours_paid * steps.entry_wage_rate_usd_hr as is_on_step
from steps
inner join {{ ref('int_wages__by_person_firm_quarter') }} as wages
    on steps.learner_key = wages.learner_key
    and steps.firm_id = wages.firm_id
    -- Whole quarters on the step only: the quarter it began or ended in mixes two rates.
    and {{ quarter_first_day('wages.year_quarter') }} >= steps.job_start_date
    and {{ quarter_last_day('wages.year_quarter') }} < coalesce(steps.next_start, {{ end_of_time() }})
    and {{ quarter_last_day('wages.year_quarter') }} <= coalesce(steps.job_end_date, {{ end_of_time() }})
left join {{ ref('int_firms__current') }} as firms on steps.firm_id = firms.firm_id
where wages.hours_paid >= 20 and wages.wages_usd > 0
