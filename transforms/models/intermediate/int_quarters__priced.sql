-- One row per calendar quarter from 1970Q1 to two years past the announced day, with its price index.
with quarters as (
    select {{ quarter_at('series.quarter_index') }} as year_quarter
    from ({{ integers('1970 * 4', '(year(' ~ as_of() ~ ') + 3) * 4 - 1', 'quarter_index') }}) as series
),

priced as (
    select
        quarters.year_quarter,
        {{ quarter_index('quarters.year_quarter') }} as quarter_index,
        {{ quarter_first_day('quarters.year_quarter') }} as first_date,
        {{ quarter_last_day('quarters.year_quarter') }} as last_date,
        {{ quarter_has_ended('quarters.year_quarter') }} as has_ended,
        prices.price_index,
        coalesce(prices.months_available, 0) as months_available
    from quarters
    left join {{ ref('int_prices__by_quarter') }} as prices on quarters.year_quarter = prices.year_quarter
),

base as (
    select max(quarter_index) as base_index
    from priced
    where months_available = 3 and has_ended
)

select
    priced.*,
    coalesce(priced.quarter_index = base.base_index, false) as is_base
from priced
cross join base
