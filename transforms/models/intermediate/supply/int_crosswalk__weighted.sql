-- One row per cip_code × soc_code: an occupation that a field of study leads to, and its share of those who complete it.
select
    cip_code,
    soc_code,
    soc_code = '99-9999' as is_unmatched,
    -- Decimal, not double: sums over people must not depend on the order in which they are met.
    cast(cast(1 as double) / count(*) over (partition by cip_code) as decimal(18, 6)) as soc_weight
from {{ ref('cip_soc') }}
