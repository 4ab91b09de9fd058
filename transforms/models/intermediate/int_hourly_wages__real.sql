-- One row per learner_key × year_quarter of people who ever enrolled, with plausible hours: pay an hour over the quarter's price.
select
    wages.learner_key,
    wages.year_quarter,
    cast(wages.wages_usd as double) / cast(wages.hours_paid as double) / prices.price_index as real_hourly
from {{ ref('int_wages__by_participant_quarter') }} as wages
inner join {{ ref('int_quarters__priced') }} as prices on wages.year_quarter = prices.year_quarter
-- Too few hours, less than half the federal minimum of 7.25 USD or more than 250 USD an hour: an error of hours, not a wage.
where wages.hours_paid >= 20
    and wages.wages_usd >= wages.hours_paid * cast(3.625 as decimal(5, 3))
    and wages.wages_usd <= wages.hours_paid * 250
    and prices.price_index is not null
