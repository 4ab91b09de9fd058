-- One row per group (occupation, place in the value chain) × parent firm: jobs held, and seats open at a quarter's end, each
-- counted in the newest four quarters: at one quarter's end, chance decides which of two small groups has more.
with jobs as (
    select 'occupation' as group_dim, soc_code as group_value, parent_group_id, 1 as held, 0 as open_seats
    from {{ ref('int_jobs__newest_year') }}
    where soc_code is not null
    union all
    select 'tier', value_chain_tier, parent_group_id, 1, 0 from {{ ref('int_jobs__newest_year') }}
),

quarters as (
    select last_date
    from {{ ref('int_demand_quarters__listed') }}
    where quarter_index > (select max(quarter_index) - 4 from {{ ref('int_demand_quarters__listed') }})
),

seats as (
    select seats.group_dim, seats.group_value, seats.parent_group_id, 0 as held, seats.seats as open_seats
    from {{ ref('int_seats__grouped') }} as seats
    inner join quarters
        on seats.start_date <= quarters.last_date
        and coalesce(seats.end_date, {{ end_of_time() }}) > quarters.last_date
    where seats.group_dim in ('occupation', 'tier')
)

select
    group_dim,
    group_value,
    parent_group_id,
    cast(sum(held) as bigint) as job_quarters,
    cast(sum(open_seats) as bigint) as open_seat_quarters
from (
    select * from jobs
    union all
    select * from seats
) as jobs_and_seats
group by group_dim, group_value, parent_group_id
