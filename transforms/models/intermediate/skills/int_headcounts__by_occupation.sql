-- One row per SOC occupation: people whom members paid in it in the newest quarter with wages, by their best-paid job.
with newest as (
    select max(year_quarter) as year_quarter
    from {{ ref('int_wages__by_person_firm_quarter') }}
    where {{ quarter_has_ended('year_quarter') }}
),

ranked as (
    select
        wages.learner_key,
        wages.soc_code,
        wages.year_quarter,
        row_number() over (partition by wages.learner_key order by wages.wages_usd desc, wages.firm_id) as place
    from {{ ref('int_wages__by_person_firm_quarter') }} as wages
    inner join newest on wages.year_quarter = newest.year_quarter
    where wages.wages_usd > 0
)

select
    soc_code,
    max(year_quarter) as year_quarter,
    cast(count(*) as bigint) as headcount
from ranked
where place = 1 and soc_code is not null
group by soc_code
