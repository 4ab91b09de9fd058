-- What programs used in kind adds up to what was given in the quarter, to the cent.
with used as (
    select period, sum(used_usd) as used_usd
    from {{ ref('agg_in_kind_costs') }}
    group by period
)

select ledger.period, ledger.in_kind_in_usd, used.used_usd
from {{ ref('agg_fund_ledger') }} as ledger
left join used on ledger.period = used.period
where ledger.funding_source = 'IN_KIND' and ledger.in_kind_in_usd <> coalesce(used.used_usd, 0)
