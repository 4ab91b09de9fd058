-- One row per learner_key × unbroken run of quarters with the same primary employer, a successor firm being the same.
with followed as (
    select
        *,
        lag(firm_id) over (partition by learner_key order by quarter_index) as firm_before
    from {{ ref('int_employers__primary') }}
),

marked as (
    select
        followed.*,
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
),

numbered as (
    select
        *,
        sum(is_start) over (
            partition by learner_key order by quarter_index rows between unbounded preceding and current row
        ) as run_number
    from marked
),

firsts as (
    select * from numbered where is_start = 1
)

select
    learner_key,
    cast(run_number as integer) as run_number,
    firm_id,
    quarter_index as first_index,
    year_quarter as first_quarter,
    last_date as first_quarter_last_date,
    wages_usd as first_wages_usd,
    price_index as first_price,
    soc_code
from firsts
