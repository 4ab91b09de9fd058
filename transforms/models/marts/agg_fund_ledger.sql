-- One row per calendar quarter × funding source, without gaps: the fund's book, to the cent.
with quarters as (
    select
        *,
        contributions_usd + match_usd + in_kind_usd - in_kind_usd + interest_usd + transferred_in_usd
            - transferred_out_usd - disbursed_usd - lapsed_usd as change_usd
    from {{ ref('int_fund__by_quarter') }}
),

running as (
    select
        *,
        sum(change_usd) over to_date as closing_usd,
        sum(assessed_usd - settled_usd) over to_date as receivable_usd
    from quarters
    window to_date as (
        partition by funding_source order by year_quarter rows between unbounded preceding and current row
    )
)

select
    year_quarter as period,
    funding_source,
    cast(closing_usd - change_usd as decimal(18, 2)) as opening_usd,
    contributions_usd,
    match_usd,
    in_kind_usd as in_kind_in_usd,
    in_kind_usd as in_kind_out_usd,
    interest_usd,
    transferred_in_usd,
    transferred_out_usd,
    disbursed_usd,
    lapsed_usd,
    cast(closing_usd as decimal(18, 2)) as closing_usd,
    assessed_usd,
    cast(receivable_usd as decimal(18, 2)) as receivable_usd
from running
