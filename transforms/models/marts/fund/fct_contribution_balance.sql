-- One row per parent firm: its share of contributions against its share of benefit. For the firm itself; never published.
select
    parent_group_id,
    paid_usd,
    cast(seats as bigint) as seats,
    cast(hires as bigint) as hires,
    benefit_usd,
    cast(contribution_share as double) as contribution_share,
    cast(benefit_share as double) as benefit_share,
    cast(balance_index as double) as balance_index,
    band
from {{ ref('int_balance__shares') }}
