-- One row per cip_code × soc_code: the crosswalk with the weight that supply is spread by.
select
    cip_code,
    soc_code,
    is_unmatched,
    soc_weight
from {{ ref('int_crosswalk__weighted') }}
