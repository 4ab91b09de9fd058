-- One row per benefit to public partners: a base figure that was seen, and its range under printed assumptions. No effect.
with bases as (
    select
        base_id,
        min(cohort_quarter) as cohort_start,
        max(cohort_quarter) as cohort_end,
        max(newest_quarter) as newest_quarter,
        count(*) as persons,
        {{ sum_usd('wages_usd') }} as base_usd
    from {{ ref('int_public__units') }}
    group by base_id
)

select
    assumptions.assumption_id,
    bases.base_id,
    bases.cohort_start,
    bases.cohort_end,
    bases.newest_quarter,
    cast(bases.persons as bigint) as persons,
    bases.base_usd,
    cast(assumptions.low as double) as low_share,
    cast(assumptions.central as double) as central_share,
    cast(assumptions.high as double) as high_share,
    assumptions.source,
    cast(cast(bases.base_usd as double) * assumptions.low as double) as low_usd,
    cast(cast(bases.base_usd as double) * assumptions.central as double) as central_usd,
    cast(cast(bases.base_usd as double) * assumptions.high as double) as high_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from bases
inner join {{ ref('public_assumptions') }} as assumptions on bases.base_id = assumptions.base_id
