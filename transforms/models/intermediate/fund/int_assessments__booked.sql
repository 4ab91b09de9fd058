-- One row per firm × quarter it was assessed for: what the operator booked, received and had matched.
select
    firm_id,
    assessed_quarter as period,
    cast(sum(basis_amount_usd) as decimal(18, 2)) as basis_usd,
    {{ sum_usd('assessed_usd') }} as booked_usd,
    {{ sum_usd("case when kind_code = 'CASH' and paid_date <= " ~ as_of() ~ " then amount_usd end") }} as paid_usd,
    {{ sum_usd("case when kind_code = 'CASH' and paid_date <= " ~ as_of() ~ " then match_amount_usd end") }} as matched_usd
from {{ ref('stg_contribution') }}
group by firm_id, assessed_quarter
