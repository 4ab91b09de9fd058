-- One row per learner_key × year_quarter with a primary employer: which of the person's runs it belongs to, whether it begins
-- one, and what follows. A run is unbroken by a successor firm, which counts as the same employer.
{{ config(meta={'by_person': true}) }}
with followed as (
    select
        *,
        lag(firm_id) over (partition by learner_key order by quarter_index) as firm_before,
        lead(quarter_index) over (partition by learner_key order by quarter_index) as next_index
    from {{ people_of(ref('int_employers__primary')) }}
),

marked as (
    select
        followed.learner_key,
        followed.quarter_index,
        followed.next_index,
        case
            when followed.firm_before is null then 1
            when followed.firm_before = followed.firm_id then 0
            -- The whole firm went over: not a separation whenever it shows. A part of it: only at the time.
            when chains.is_total then 0
            when followed.quarter_index - {{ quarter_index(quarter_of('chains.succession_date')) }} <= 1 then 0
            else 1
        end as is_start
    from followed
    left join {{ ref('int_successions__chained') }} as chains
        on followed.firm_before = chains.predecessor_firm_id
        and followed.firm_id = chains.successor_firm_id
        and chains.succession_date <= followed.last_date
)

select
    learner_key,
    quarter_index,
    next_index,
    cast(
        sum(is_start) over (
            partition by learner_key order by quarter_index rows between unbounded preceding and current row
        ) as integer
    ) as run_number,
    is_start = 1 as is_first
from marked
