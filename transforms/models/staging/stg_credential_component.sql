-- One row per credential_id × component_credential_id × relation × valid_from: one credential as a part of another.
with reported as (
    {{ lake_rows('credential_component') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    credential_id,
    component_credential_id,
    relation as relation_code,
    alternative_group,
    {{ safe_cast('credit_value', 'decimal(7, 2)') }} as credit_value,
    credit_unit as credit_unit_code,
    {{ safe_cast('valid_from', 'date') }} as valid_from,
    {{ safe_cast('valid_to', 'date') }} as valid_to
from reported
