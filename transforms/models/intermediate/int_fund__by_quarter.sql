-- One row per quarter × funding source, every quarter from the fund's first to its last: the sum of each kind of flow.
with flows as (
    select * from {{ ref('int_fund__flows') }}
),

sources as (
    select distinct funding_source from flows
),

span as (
    select min(year_quarter) as first_quarter, max(year_quarter) as last_quarter from flows
),

lines as (
    select quarters.year_quarter, sources.funding_source
    from {{ ref('int_quarters__priced') }} as quarters
    inner join span on quarters.year_quarter between span.first_quarter and span.last_quarter
    cross join sources
)

select
    lines.year_quarter,
    lines.funding_source,
    {{ sum_usd("case when flows.flow = 'contributions' then flows.amount_usd end") }} as contributions_usd,
    {{ sum_usd("case when flows.flow = 'match' then flows.amount_usd end") }} as match_usd,
    {{ sum_usd("case when flows.flow = 'in_kind' then flows.amount_usd end") }} as in_kind_usd,
    {{ sum_usd("case when flows.flow = 'interest' then flows.amount_usd end") }} as interest_usd,
    {{ sum_usd("case when flows.flow = 'transferred_in' then flows.amount_usd end") }} as transferred_in_usd,
    {{ sum_usd("case when flows.flow = 'transferred_out' then flows.amount_usd end") }} as transferred_out_usd,
    {{ sum_usd("case when flows.flow = 'lapsed' then flows.amount_usd end") }} as lapsed_usd,
    {{ sum_usd("case when flows.flow = 'disbursed' then flows.amount_usd end") }} as disbursed_usd,
    {{ sum_usd("case when flows.flow = 'assessed' then flows.amount_usd end") }} as assessed_usd,
    {{ sum_usd("case when flows.flow = 'settled' then flows.amount_usd end") }} as settled_usd
from lines
left join flows on lines.year_quarter = flows.year_quarter and lines.funding_source = flows.funding_source
group by lines.year_quarter, lines.funding_source
