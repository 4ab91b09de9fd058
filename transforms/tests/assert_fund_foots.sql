-- Opening + in - out = closing for every quarter and source, and every opening is the closing before it, to the cent.
with book as (
    select
        *,
        lag(closing_usd) over (partition by funding_source order by period) as closing_before_usd
    from {{ ref('agg_fund_ledger') }}
)

select *
from book
where
    opening_usd + contributions_usd + match_usd + in_kind_in_usd - in_kind_out_usd + interest_usd + transferred_in_usd
        - transferred_out_usd - disbursed_usd - lapsed_usd <> closing_usd
    or opening_usd <> coalesce(closing_before_usd, 0)
