-- One row per member firm × quarter × line of its account with the fund that holds an amount.
with accounts as (
    select * from {{ ref('int_fund__by_firm') }}
),

lines as (
    select firm_id, parent_group_id, size_class, year_quarter, 'assessed' as line, booked_usd as amount_usd from accounts
    union all
    select firm_id, parent_group_id, size_class, year_quarter, 'paid', paid_usd from accounts
    union all
    select firm_id, parent_group_id, size_class, year_quarter, 'matched', matched_usd from accounts
)

select *
from lines
where amount_usd <> 0
