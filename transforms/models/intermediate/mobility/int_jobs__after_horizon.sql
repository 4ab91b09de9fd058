-- One row per horizon × base quarter × learner_key with a primary employer in it: where the person is exactly that much later.
{{ config(meta={'by_person': true}) }}
with pairs as (
    select
        windows.horizon,
        windows.base_quarter,
        windows.is_newest,
        windows.last_quarter,
        jobs.learner_key,
        jobs.firm_id,
        jobs.wages_usd,
        jobs.price_index,
        later.firm_id as later_firm_id,
        later.wages_usd as later_wages_usd,
        later.price_index as later_price,
        later.last_date as later_date
    from {{ ref('int_mobility_windows__listed') }} as windows
    inner join {{ people_of(ref('int_employers__primary')) }} as jobs on windows.base_quarter = jobs.year_quarter
    left join {{ people_of(ref('int_employers__primary')) }} as later
        on jobs.learner_key = later.learner_key and windows.last_index = later.quarter_index
),

based as (
    select year_quarter as base_price_period, price_index as base_price from {{ ref('int_quarters__priced') }} where is_base
)

select
    pairs.horizon,
    pairs.base_quarter,
    pairs.is_newest,
    pairs.last_quarter,
    pairs.learner_key,
    coalesce(firms.parent_group_id, pairs.firm_id) as parent_group_id,
    coalesce(firms.lwdb_code, 'unreported') as area_code,
    pairs.later_firm_id is not null as is_observed,
    coalesce(pairs.later_firm_id = pairs.firm_id, false) or chains.successor_firm_id is not null as is_same_employer,
    pairs.later_wages_usd,
    -- In prices of the latest quarter with all its months.
    based.base_price * (cast(pairs.later_wages_usd as double) / pairs.later_price)
        - based.base_price * (cast(pairs.wages_usd as double) / pairs.price_index) as real_change_usd,
    based.base_price_period
from pairs
left join {{ ref('int_firms__current') }} as firms on pairs.firm_id = firms.firm_id
left join {{ ref('int_successions__chained') }} as chains
    on pairs.firm_id = chains.predecessor_firm_id
    and pairs.later_firm_id = chains.successor_firm_id
    and chains.succession_date <= pairs.later_date
left join based on true
