-- One row per firm_id × firm that took it over as a whole, directly or through others (up to three links), with the day.
with steps as (
    select distinct
        predecessor_firm_id,
        successor_firm_id,
        succession_date
    from {{ ref('stg_firm_succession') }}
    -- Where only some workers passed on, somebody seen at the successor may have gone there alone.
    where transfer_extent_code = 'TOTAL' and succession_date <= {{ as_of() }}
),

two as (
    select
        first_step.predecessor_firm_id,
        second_step.successor_firm_id,
        greatest(first_step.succession_date, second_step.succession_date) as succession_date
    from steps as first_step
    inner join steps as second_step on first_step.successor_firm_id = second_step.predecessor_firm_id
),

three as (
    select
        two.predecessor_firm_id,
        third_step.successor_firm_id,
        greatest(two.succession_date, third_step.succession_date) as succession_date
    from two
    inner join steps as third_step on two.successor_firm_id = third_step.predecessor_firm_id
)

select
    predecessor_firm_id as firm_id,
    successor_firm_id,
    min(succession_date) as succession_date
from (
    select * from steps
    union all
    select * from two
    union all
    select * from three
) as chains
where predecessor_firm_id <> successor_firm_id
group by predecessor_firm_id, successor_firm_id
