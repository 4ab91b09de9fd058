-- One row per component × credential whose step does not lie on a circle: what ladders are made of.
select distinct
    steps.component_credential_id,
    steps.credential_id
from {{ ref('int_credential_steps__current') }} as steps
left join {{ ref('int_credential_pairs__reached') }} as back
    on steps.credential_id = back.from_id and steps.component_credential_id = back.to_id
where back.from_id is null
