-- One row per checked fact × parent firm: whose records were looked at.
select
    checked_contract,
    checked_column,
    parent_group_id,
    cast(sum(agreed_count + disagreed_count) as bigint) as persons,
    cast(sum(agreed_count) as bigint) as numerator_persons,
    cast(0 as decimal(18, 2)) as amount_usd
from {{ ref('int_spot_checks__random') }}
group by checked_contract, checked_column, parent_group_id
