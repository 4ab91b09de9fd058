-- One row per calendar quarter × parent firm with anything in the fund's book.
with flows as (
    select
        flows.*,
        coalesce(firms.parent_group_id, flows.firm_id) as parent_group_id
    from {{ ref('int_fund__flows') }} as flows
    left join {{ ref('int_firms__current') }} as firms on flows.firm_id = firms.firm_id
    where flows.flow in ('contributions', 'in_kind', 'assessed')
)

select
    year_quarter as period,
    parent_group_id,
    {{ sum_usd("case when flow = 'contributions' then amount_usd end") }} as amount_usd,
    {{ sum_usd("case when flow = 'assessed' then amount_usd end") }} as assessed_usd,
    {{ sum_usd("case when flow = 'in_kind' then amount_usd end") }} as in_kind_usd,
    cast(count(distinct firm_id) as bigint) as firms
from flows
group by year_quarter, parent_group_id
