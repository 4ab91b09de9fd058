-- One row per calendar year × tier (and all) × parent firm: whose awards they are.
select
    tier,
    award_year,
    parent_group_id,
    cast(count(amount_usd) as bigint) as persons,
    cast(0 as bigint) as numerator_persons,
    {{ sum_usd('amount_usd') }} as amount_usd
from {{ ref('int_awards__by_year') }}
where amount_usd is not null
group by tier, award_year, parent_group_id
