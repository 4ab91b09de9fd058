-- One row per learner_key × year_quarter in which some member reported pay, an observed 0 included: all members together.
{{ config(meta={'by_person': true}) }}
with by_parent as (
    select
        wages.learner_key,
        wages.year_quarter,
        coalesce(firms.parent_group_id, wages.firm_id) as parent_group_id,
        {{ sum_usd('wages.wages_usd') }} as wages_usd,
        cast(sum(coalesce(wages.hours_paid, 0)) as decimal(18, 2)) as hours_paid,
        -- Hours count only where every job of the quarter has them.
        min(case when wages.hours_paid is null then 0 else 1 end) as has_hours
    from {{ people_of(ref('int_wages__by_person_firm_quarter')) }} as wages
    left join {{ ref('int_firms__current') }} as firms on wages.firm_id = firms.firm_id
    where wages.wages_usd is not null
    group by wages.learner_key, wages.year_quarter, coalesce(firms.parent_group_id, wages.firm_id)
),

ranked as (
    select
        *,
        row_number() over (
            partition by learner_key, year_quarter order by wages_usd desc, parent_group_id
        ) as place
    from by_parent
)

select
    learner_key,
    year_quarter,
    max(case when place = 1 then parent_group_id end) as parent_group_id,
    {{ sum_usd('wages_usd') }} as wages_usd,
    case when min(has_hours) = 1 then cast(sum(hours_paid) as decimal(18, 2)) end as hours_paid
from ranked
group by learner_key, year_quarter
