-- One row per workforce area code of an enrollment or a firm, and one for those that name none.
with codes as (
    select area_code from {{ ref('int_participations__described') }}
    union
    select lwdb_code from {{ ref('int_firms__current') }} where lwdb_code is not null
    union
    select 'unreported'
)

select
    area_code,
    case when area_code = 'unreported' then 'Area not reported' else 'Workforce area ' || area_code end as area_title
from codes
