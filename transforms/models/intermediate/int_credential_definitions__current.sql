-- One row per credential_id: its version in force on the announced day.
with ranked as (
    select
        *,
        row_number() over (
            partition by credential_id
            order by {{ in_force_first('valid_from') }}, submission_id desc
        ) as recency
    from {{ ref('stg_credential_definition') }}
)

select
    credential_id,
    credential_name,
    ctdl_type,
    credential_type_code,
    ctid,
    level as credential_level,
    issuer_id,
    renewal_months
from ranked
where recency = 1
