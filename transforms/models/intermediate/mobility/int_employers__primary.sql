-- One row per learner_key × year_quarter: the member that paid most in the quarter, what it paid, and the occupation.
{{ config(meta={'by_person': true}) }}
with ranked as (
    select
        wages.*,
        quarters.quarter_index,
        quarters.last_date,
        quarters.price_index,
        row_number() over (
            partition by wages.learner_key, wages.year_quarter order by wages.wages_usd desc, wages.firm_id
        ) as pay_rank
    from {{ people_of(ref('int_wages__by_person_firm_quarter')) }} as wages
    inner join {{ ref('int_quarters__priced') }} as quarters on wages.year_quarter = quarters.year_quarter
    -- Five years of pathways, and nothing older.
    where quarters.quarter_index >= (select max(last_index) - 20 from {{ ref('int_mobility_windows__listed') }})
)

select
    learner_key,
    year_quarter,
    quarter_index,
    last_date,
    price_index,
    firm_id,
    wages_usd,
    soc_code,
    primary_work_county_fips
from ranked
where pay_rank = 1
