-- One row per component × credential × relation in force on the announced day: a step from the smaller to the larger one.
select
    component_credential_id,
    credential_id,
    relation_code,
    max(credit_value) as credit_value,
    max(credit_unit_code) as credit_unit_code
from {{ ref('stg_credential_component') }}
-- What is only advised is no step of a ladder.
where relation_code in ('HAS_PART', 'REQUIRES', 'ADVANCED_STANDING_FROM')
    and coalesce(valid_from, {{ as_of() }}) <= {{ as_of() }}
    and coalesce(valid_to, {{ end_of_time() }}) >= {{ as_of() }}
group by component_credential_id, credential_id, relation_code
