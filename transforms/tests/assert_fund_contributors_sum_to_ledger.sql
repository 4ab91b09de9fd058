-- What parents paid in, gave in kind and were assessed adds up to the ledger of the quarter, to the cent.
with ledger as (
    select
        period,
        sum(contributions_usd) as amount_usd,
        sum(assessed_usd) as assessed_usd,
        sum(in_kind_in_usd) as in_kind_usd
    from {{ ref('agg_fund_ledger') }}
    group by period
),

firms as (
    select
        period,
        sum(amount_usd) as amount_usd,
        sum(assessed_usd) as assessed_usd,
        sum(in_kind_usd) as in_kind_usd
    from {{ ref('agg_fund_contributors') }}
    group by period
)

select ledger.*
from ledger
full outer join firms on ledger.period = firms.period
where coalesce(ledger.amount_usd, 0) <> coalesce(firms.amount_usd, 0)
    or coalesce(ledger.assessed_usd, 0) <> coalesce(firms.assessed_usd, 0)
    or coalesce(ledger.in_kind_usd, 0) <> coalesce(firms.in_kind_usd, 0)
