-- One row per quarter that demand is stated for: from the first requisition or statement of intent to the newest quarter
-- that is followed by an ended one, because plans are pooled only when they are a quarter old.
with begun as (
    select {{ quarter_of('start_date') }} as year_quarter from {{ ref('int_seats__resolved') }}
    union
    select stated_quarter from {{ ref('stg_hiring_intent') }}
)

select
    quarters.year_quarter,
    quarters.quarter_index,
    quarters.last_date,
    cast(quarters.quarter_index - min(quarters.quarter_index) over () as integer) as quarters_before
from {{ ref('int_quarters__priced') }} as quarters
where quarters.year_quarter >= (select min(year_quarter) from begun)
    and {{ quarter_has_ended(quarter_plus('quarters.year_quarter', 1)) }}
