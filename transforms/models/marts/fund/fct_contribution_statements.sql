-- One row per member firm × quarter: what it was assessed, paid and got of the fund. For the firm itself; never published.
with books as (
    select max(period) as last_quarter from {{ ref('int_assessments__booked') }}
)

select
    accounts.firm_id,
    accounts.parent_group_id,
    accounts.year_quarter as period,
    accounts.assessed_usd,
    accounts.booked_usd,
    -- A quarter that the operator's books have not reached is not in arrears: the two are not known yet.
    case
        when accounts.year_quarter <= books.last_quarter
            then cast(accounts.booked_usd - accounts.assessed_usd as decimal(18, 2))
    end as difference_usd,
    accounts.paid_usd,
    case
        when accounts.year_quarter <= books.last_quarter
            then cast(accounts.booked_usd - accounts.paid_usd as decimal(18, 2))
    end as owed_usd,
    accounts.matched_usd,
    accounts.in_kind_usd,
    accounts.given_to_firms_usd,
    accounts.received_from_firms_usd,
    accounts.seats,
    accounts.benefit_usd
from {{ ref('int_fund__by_firm') }} as accounts
cross join books
