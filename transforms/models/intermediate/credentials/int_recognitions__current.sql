-- One row per firm_id × credential_id × spell of recognition, on whatever basis.
select distinct
    recognitions.firm_id,
    recognitions.credential_id,
    recognitions.recognized_from,
    coalesce(recognitions.recognized_to, {{ end_of_time() }}) as recognized_to,
    coalesce(firms.parent_group_id, recognitions.firm_id) as parent_group_id
from {{ ref('stg_credential_recognition') }} as recognitions
left join {{ ref('int_firms__current') }} as firms on recognitions.firm_id = firms.firm_id
