-- One row per submission in force at the build's ledger head.
with submissions as (
    {{ in_force_rows() }}
)

select
    submission_id,
    contract,
    firm_id as box_firm_id,
    period as box_period,
    status as status_code,
    {{ safe_cast('rows_in', 'bigint') }} as rows_in,
    {{ safe_cast('accepted', 'bigint') }} as accepted,
    {{ safe_cast('quarantined', 'bigint') }} as quarantined,
    {{ safe_cast('place', 'bigint') }} as place,
    cast(coalesce(array_length(overruled), 0) as bigint) as overruled,
    {{ safe_cast('tx_from', 'bigint') }} as tx_from
from submissions
