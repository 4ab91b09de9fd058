-- One row per quarter × cash source: its closing balance, the oldest money in it (first in, first out), and what is past its term.
with book as (
    select
        year_quarter,
        funding_source,
        contributions_usd + match_usd + interest_usd + transferred_in_usd as in_usd,
        transferred_out_usd + disbursed_usd + lapsed_usd as out_usd
    from {{ ref('int_fund__by_quarter') }}
    where funding_source <> 'IN_KIND'
),

running as (
    select
        *,
        sum(in_usd) over to_date as all_in_usd,
        sum(out_usd) over to_date as all_out_usd
    from book
    window to_date as (
        partition by funding_source order by year_quarter rows between unbounded preceding and current row
    )
),

-- The shortest term of any rule in force that bills the source; money without one never lapses.
terms as (
    select
        quarters.year_quarter,
        sources.funding_source,
        min(rules.expiry_months) as expiry_months
    from {{ ref('stg_funding_rule') }} as rules
    inner join {{ ref('int_quarters__priced') }} as quarters
        on quarters.last_date between rules.effective_from and coalesce(rules.effective_to, {{ end_of_time() }})
    inner join (
        values
            ('EMPLOYER', 'MEMBER_FIRM'),
            ('PUBLIC_FEDERAL', 'PUBLIC_PARTNER'),
            ('PUBLIC_STATE', 'PUBLIC_PARTNER'),
            ('PHILANTHROPY', 'PHILANTHROPY')
    ) as sources (funding_source, billed_party_code)
        on rules.billed_party_code = sources.billed_party_code
    group by quarters.year_quarter, sources.funding_source
),

-- Of the money that came in up to some quarter, what all spending since has not used up is still there.
layers as (
    select
        now_.year_quarter,
        now_.funding_source,
        now_.all_in_usd - now_.all_out_usd as closing_usd,
        min(case when layer.all_in_usd > now_.all_out_usd then layer.year_quarter end) as oldest_quarter,
        max(terms.expiry_months) as expiry_months,
        max(case
            when {{ month_difference('layer_quarters.last_date', 'now_quarters.last_date') }} >= terms.expiry_months
                then greatest(layer.all_in_usd - now_.all_out_usd, 0)
        end) as past_term_usd
    from running as now_
    inner join running as layer
        on now_.funding_source = layer.funding_source and layer.year_quarter <= now_.year_quarter
    inner join {{ ref('int_quarters__priced') }} as now_quarters on now_.year_quarter = now_quarters.year_quarter
    inner join {{ ref('int_quarters__priced') }} as layer_quarters on layer.year_quarter = layer_quarters.year_quarter
    left join terms on now_.year_quarter = terms.year_quarter and now_.funding_source = terms.funding_source
    group by now_.year_quarter, now_.funding_source, now_.all_in_usd, now_.all_out_usd
)

select
    *,
    case
        when oldest_quarter is not null
            then {{ quarter_index('year_quarter') }} - {{ quarter_index('oldest_quarter') }}
    end as oldest_age_quarters
from layers
