-- One row per occupation or place in the value chain × parent firm: its jobs and open seats.
select
    group_dim,
    group_value,
    parent_group_id,
    job_quarters + open_seat_quarters as persons,
    -- A rank says nothing of how many seats are whose; a share does.
    case when group_dim = 'tier' then open_seat_quarters else 0 end as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_jobs__grouped') }}
