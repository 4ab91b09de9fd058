-- One row per member firm × quarter: what it was assessed, paid and got of the fund. For the firm itself; never published.
select
    firm_id,
    parent_group_id,
    year_quarter as period,
    assessed_usd,
    booked_usd,
    cast(booked_usd - assessed_usd as decimal(18, 2)) as difference_usd,
    paid_usd,
    cast(booked_usd - paid_usd as decimal(18, 2)) as owed_usd,
    matched_usd,
    in_kind_usd,
    given_to_firms_usd,
    received_from_firms_usd,
    seats,
    benefit_usd
from {{ ref('int_fund__by_firm') }}
