-- Firms' statements add up to the assessments of the fund's ledger, and to what the rules ask, quarter by quarter.
with firms as (
    select period, sum(booked_usd) as booked_usd, sum(assessed_usd) as assessed_usd
    from {{ ref('fct_contribution_statements') }}
    group by period
),

ledger as (
    select period, sum(assessed_usd) as booked_usd
    from {{ ref('agg_fund_ledger') }}
    group by period
),

rules as (
    select period, sum(assessed_usd) as assessed_usd
    from {{ ref('agg_assessments') }}
    group by period
)

select firms.*
from firms
left join ledger on firms.period = ledger.period
left join rules on firms.period = rules.period
where
    firms.booked_usd <> coalesce(ledger.booked_usd, 0)
    or firms.assessed_usd <> coalesce(rules.assessed_usd, 0)
