-- One row per component × credential × relation in force on the announced day.
select
    steps.component_credential_id,
    steps.credential_id,
    steps.relation_code,
    cast(steps.credit_value as decimal(18, 2)) as credit_value,
    steps.credit_unit_code,
    acyclic.credential_id is null as is_on_circle
from {{ ref('int_credential_steps__current') }} as steps
left join {{ ref('int_credential_steps__acyclic') }} as acyclic
    on steps.component_credential_id = acyclic.component_credential_id
    and steps.credential_id = acyclic.credential_id
