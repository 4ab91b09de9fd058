-- One row per learner_key × year_quarter of people who ever enrolled: pay summed over firms, and the primary employer.
{{ config(meta={'by_person': true}) }}
with participants as (
    select distinct learner_key from {{ ref('int_participations__merged') }}
),

wages as (
    select wages.*
    from {{ people_of(ref('int_wages__by_person_firm_quarter')) }} as wages
    inner join participants on wages.learner_key = participants.learner_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by learner_key, year_quarter
            order by case when is_unsubsidized_pay then 0 else 1 end, wages_usd desc, firm_id
        ) as pay_rank
    from wages
)

select
    learner_key,
    year_quarter,
    {{ sum_usd('wages_usd') }} as wages_usd,
    -- Hours of one firm that are not known make the hours of all unknown.
    case when count(*) = count(hours_paid) then cast(sum(hours_paid) as decimal(18, 2)) end as hours_paid,
    max(case when pay_rank = 1 and is_unsubsidized_pay then firm_id end) as primary_employer_id
from ranked
group by learner_key, year_quarter
