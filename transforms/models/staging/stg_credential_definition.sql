-- One row per credential_id × valid_from: one version of a credential in the register.
with reported as (
    {{ lake_rows('credential_definition') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    credential_id,
    ctid,
    name as credential_name,
    ctdl_type,
    credential_type_pirl as credential_type_code,
    level,
    issuer_id,
    {{ safe_cast('renewal_months', 'integer') }} as renewal_months,
    {{ safe_cast('valid_from', 'date') }} as valid_from,
    {{ safe_cast('valid_to', 'date') }} as valid_to
from reported
