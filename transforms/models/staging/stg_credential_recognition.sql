-- One row per firm_id × credential_id × basis × recognized_from: one firm's recognition of a credential.
with reported as (
    {{ lake_rows('credential_recognition') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    firm_id,
    credential_id,
    basis as basis_code,
    {{ safe_cast('recognized_from', 'date') }} as recognized_from,
    {{ safe_cast('recognized_to', 'date') }} as recognized_to
from reported
