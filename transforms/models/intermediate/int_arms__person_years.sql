-- One row per learner_key × calendar year with a wage row in all four quarters: the year's pay, and the arm.
{{ config(meta={'by_person': true}) }}
with quarters as (
    select learner_key, year_quarter, {{ sum_usd('wages_usd') }} as wages_usd
    from {{ people_of(ref('int_wages__by_person_firm_quarter')) }}
    group by learner_key, year_quarter
),

years as (
    select
        learner_key,
        cast(substr(year_quarter, 1, 4) as integer) as calendar_year,
        cast(sum(wages_usd) as decimal(14, 2)) as earnings_usd
    from quarters
    group by learner_key, substr(year_quarter, 1, 4)
    having count(*) = 4
),

participants as (
    select distinct learner_key from {{ ref('int_participations__merged') }}
)

select
    years.learner_key,
    years.calendar_year,
    case when participants.learner_key is null then 'comparison' else 'participants' end as arm,
    years.earnings_usd
from years
left join participants on years.learner_key = participants.learner_key
