-- One row per competency_id × valid_from: one version of a competency.
with reported as (
    {{ lake_rows('competency') }}
)

select
    box_firm_id,
    box_period,
    submission_id,
    competency_id,
    ctid,
    name as competency_name,
    framework as framework_code,
    onet_element_id,
    category as category_code,
    {{ safe_cast('mastery_level', 'integer') }} as mastery_level,
    mastery_criterion,
    {{ safe_cast('valid_from', 'date') }} as valid_from,
    {{ safe_cast('valid_to', 'date') }} as valid_to
from reported
