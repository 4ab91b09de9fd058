-- One row per booked flow of the fund, in quarters that have ended: its quarter, funding source, kind and firm.
with contributions as (
    select
        *,
        case when kind_code = 'IN_KIND' then 'IN_KIND' else 'EMPLOYER' end as own_source,
        -- Cash without a payment date has not been received. Help in kind without one was given in its own quarter.
        case
            when paid_date is not null then {{ quarter_of('paid_date') }}
            when kind_code = 'IN_KIND' then assessed_quarter
        end as booked_quarter
    from {{ ref('stg_contribution') }}
),

booked as (
    -- In kind is booked in and out at the same value: it was used as it was given.
    select
        booked_quarter as year_quarter,
        own_source as funding_source,
        case when kind_code = 'IN_KIND' then 'in_kind' else 'contributions' end as flow,
        amount_usd,
        firm_id
    from contributions

    union all

    select booked_quarter, matched_by_code, 'match', match_amount_usd, firm_id
    from contributions
    where matched_by_code is not null and match_amount_usd is not null

    union all

    select assessed_quarter, own_source, 'assessed', assessed_usd, firm_id
    from contributions
    where assessed_usd is not null

    union all

    -- What settles an assessment: money given without one is no negative receivable.
    select booked_quarter, own_source, 'settled', amount_usd, firm_id
    from contributions
    where assessed_usd is not null

    union all

    select {{ quarter_of('incurred_date') }}, funding_source, 'disbursed', amount_usd, null
    from {{ ref('stg_disbursement') }}
    where funding_source <> 'IN_KIND'

    union all

    -- Between firms and between programs money changes its purpose, not its source: such a transfer is no flow.
    select
        {{ quarter_of('booked_date') }},
        funding_source,
        case transfer_type_code
            when 'INTEREST' then 'interest'
            when 'IN' then 'transferred_in'
            when 'OUT' then 'transferred_out'
            else 'lapsed'
        end,
        amount_usd,
        null
    from {{ ref('stg_transfer') }}
    where transfer_type_code in ('INTEREST', 'IN', 'OUT', 'LAPSE')
)

select *
from booked
where year_quarter is not null and {{ quarter_has_ended('year_quarter') }}
