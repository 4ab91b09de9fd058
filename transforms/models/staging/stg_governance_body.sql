-- One row per body_id × valid_from: one version of a body of the consortium.
with reported as (
    {{ lake_rows('governance_body') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    body_id,
    name as body_name,
    body_type as body_type_code,
    parent_body_id,
    {{ safe_cast('seats', 'integer') }} as seats,
    {{ safe_cast('quorum_seats', 'integer') }} as quorum_seats,
    meets_every as meets_every_code,
    {{ safe_cast('decides_funding', 'integer') }} as decides_funding,
    {{ safe_cast('decides_programs', 'integer') }} as decides_programs,
    {{ safe_cast('decides_disclosure', 'integer') }} as decides_disclosure,
    {{ safe_cast('decides_membership', 'integer') }} as decides_membership,
    charter_hash,
    {{ safe_cast('valid_from', 'date') }} as valid_from,
    {{ safe_cast('valid_to', 'date') }} as valid_to
from reported
