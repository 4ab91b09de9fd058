-- One row per horizon × base quarter: the newest four quarters whose 4 (or 8) following quarters have wage extracts.
with newest as (
    select max(quarters.quarter_index) as last_index
    from {{ ref('int_submissions__delivered') }} as delivered
    inner join {{ ref('int_quarters__priced') }} as quarters on delivered.year_quarter = quarters.year_quarter
    where delivered.contract = 'wage' and quarters.has_ended
),

horizons as (
    select 4 as horizon
    union all
    select 8
),

steps as (
    {{ integers(0, 3, 'step') }}
)

select
    horizons.horizon,
    quarters.year_quarter as base_quarter,
    quarters.quarter_index as base_index,
    quarters.price_index as base_price,
    quarters.quarter_index + horizons.horizon as last_index,
    {{ quarter_at('quarters.quarter_index + horizons.horizon') }} as last_quarter,
    steps.step = 0 as is_newest
from newest
cross join horizons
cross join steps
inner join {{ ref('int_quarters__priced') }} as quarters
    on quarters.quarter_index = newest.last_index - horizons.horizon - steps.step
