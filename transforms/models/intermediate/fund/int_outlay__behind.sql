-- One row per quarter with an outlay × parent firm: what it paid in over the four quarters the base rests on, a quarter of it.
select
    outlay.year_quarter,
    accounts.parent_group_id,
    {{ sum_usd('accounts.paid_usd * cast(0.25 as decimal(3, 2))') }} as amount_usd
from {{ ref('int_outlay__reckoned') }} as outlay
inner join {{ ref('int_fund__by_firm') }} as accounts
    on {{ quarter_index('accounts.year_quarter') }} between outlay.quarter_index - 4 and outlay.quarter_index - 1
where accounts.paid_usd <> 0
group by outlay.year_quarter, accounts.parent_group_id
