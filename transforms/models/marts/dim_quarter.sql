-- One row per calendar quarter, with its price index.
select
    year_quarter,
    first_date,
    last_date,
    has_ended,
    price_index,
    months_available,
    is_base
from {{ ref('int_quarters__priced') }}
