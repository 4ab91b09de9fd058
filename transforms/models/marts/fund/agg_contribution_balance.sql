-- One row per band of benefit share over contribution share: how many parent firms lie in it.
with whole as (
    select
        count(*) as parents,
        {{ sum_of_fractions('abs(coalesce(benefit_share, 0) - coalesce(contribution_share, 0))') }} / 2 as redistribution
    from {{ ref('int_balance__shares') }}
),

bands as (
    select band, count(*) as parents from {{ ref('int_balance__shares') }}
    group by band
)

select
    bands.band,
    cast(bands.parents as bigint) as parents,
    cast(whole.parents as bigint) as all_parents,
    cast(whole.redistribution as double) as redistribution,
    '{{ var("balance_version") }}' as balance_version,
    (select min(year_quarter) from {{ ref('int_fund__by_firm') }}) as first_quarter,
    (select max(year_quarter) from {{ ref('int_fund__by_firm') }}) as newest_quarter,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from bands
cross join whole
