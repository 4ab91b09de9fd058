-- One row per workforce area.
select
    'W' as geo_level,
    area_code as geography,
    area_title as name
from {{ ref('int_areas__listed') }}
