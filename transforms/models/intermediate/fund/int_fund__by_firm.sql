-- One row per member firm × quarter with anything between it and the fund: assessed, booked, paid, matched, given, received.
with flows as (
    select firm_id, period as year_quarter, 'assessed' as flow, assessed_usd as amount_usd, 0 as seats
    from {{ ref('int_assessments__charged') }}
    union all
    select firm_id, period, 'booked', booked_usd, 0 from {{ ref('int_assessments__booked') }}
    union all
    select firm_id, period, 'paid', paid_usd, 0 from {{ ref('int_assessments__booked') }}
    union all
    select firm_id, period, 'matched', matched_usd, 0 from {{ ref('int_assessments__booked') }}
    union all
    select firm_id, year_quarter, 'in_kind', amount_usd, 0 from {{ ref('int_in_kind__given') }}
    union all
    select from_firm_id, {{ quarter_of('booked_date') }}, 'given', amount_usd, 0
    from {{ ref('stg_transfer') }}
    where transfer_type_code = 'BETWEEN_FIRMS'
    union all
    select to_firm_id, {{ quarter_of('booked_date') }}, 'received', amount_usd, 0
    from {{ ref('stg_transfer') }}
    where transfer_type_code = 'BETWEEN_FIRMS'
    union all
    select firm_id, year_quarter, 'benefit', benefit_usd, seats from {{ ref('int_benefits__shared') }}
)

select
    flows.firm_id,
    coalesce(firms.parent_group_id, flows.firm_id) as parent_group_id,
    coalesce(firms.size_class, '0') as size_class,
    flows.year_quarter,
    {{ sum_usd("case when flows.flow = 'assessed' then flows.amount_usd end") }} as assessed_usd,
    {{ sum_usd("case when flows.flow = 'booked' then flows.amount_usd end") }} as booked_usd,
    {{ sum_usd("case when flows.flow = 'paid' then flows.amount_usd end") }} as paid_usd,
    {{ sum_usd("case when flows.flow = 'matched' then flows.amount_usd end") }} as matched_usd,
    {{ sum_usd("case when flows.flow = 'in_kind' then flows.amount_usd end") }} as in_kind_usd,
    {{ sum_usd("case when flows.flow = 'given' then flows.amount_usd end") }} as given_to_firms_usd,
    {{ sum_usd("case when flows.flow = 'received' then flows.amount_usd end") }} as received_from_firms_usd,
    cast(sum(flows.seats) as bigint) as seats,
    {{ sum_usd("case when flows.flow = 'benefit' then flows.amount_usd end") }} as benefit_usd
from flows
left join {{ ref('int_firms__current') }} as firms on flows.firm_id = firms.firm_id
where {{ quarter_has_ended('flows.year_quarter') }}
group by flows.firm_id, coalesce(firms.parent_group_id, flows.firm_id), coalesce(firms.size_class, '0'), flows.year_quarter
