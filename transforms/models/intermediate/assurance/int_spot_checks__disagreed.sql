-- One row per spot check × fact done by the announced day on which any record disagreed, however it was drawn.
select
    spot_check_id,
    firm_id,
    checked_contract,
    checked_column,
    disagreed_count,
    checked_date
from {{ ref('stg_spot_check') }}
where disagreed_count > 0 and checked_date <= {{ as_of() }}
