-- One row per learner_key × unbroken run of quarters with the same primary employer, a successor firm being the same.
{{ config(meta={'by_person': true}) }}
select
    firsts.learner_key,
    firsts.run_number,
    jobs.firm_id,
    jobs.quarter_index as first_index,
    jobs.year_quarter as first_quarter,
    jobs.last_date as first_quarter_last_date,
    jobs.wages_usd as first_wages_usd,
    jobs.price_index as first_price,
    jobs.soc_code
from {{ people_of(ref('int_jobs__numbered')) }} as firsts
inner join {{ people_of(ref('int_employers__primary')) }} as jobs
    on firsts.learner_key = jobs.learner_key and firsts.quarter_index = jobs.quarter_index
where firsts.is_first
