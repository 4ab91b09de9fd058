-- One row per competency, and one for all: how far two raters of one performance agree on whether it passes.
with counted as (
    select
        competency,
        min(assessed_quarter) as first_quarter,
        max(assessed_quarter) as last_quarter,
        count(*) as ratings,
        {{ count_if('passed_first and passed_second') }} as both_pass,
        {{ count_if('not passed_first and not passed_second') }} as neither_passes,
        {{ count_if('passed_first') }} as first_passes,
        {{ count_if('passed_second') }} as second_passes,
        avg(abs(difference)) as mean_difference
    from {{ ref('int_ratings__grouped') }}
    group by competency
),

shares as (
    select
        *,
        cast(both_pass + neither_passes as double) / ratings as observed,
        (
            cast(first_passes as double) * cast(second_passes as double)
            + cast(ratings - first_passes as double) * cast(ratings - second_passes as double)
        ) / (cast(ratings as double) * cast(ratings as double)) as expected
    from counted
)

select
    competency,
    first_quarter,
    last_quarter,
    cast(ratings as bigint) as ratings,
    cast(both_pass as bigint) as both_pass,
    cast(neither_passes as bigint) as neither_passes,
    cast(first_passes as bigint) as first_passes,
    cast(second_passes as bigint) as second_passes,
    observed as observed_agreement,
    expected as expected_agreement,
    -- Cohen (1960); undefined where chance alone would agree always.
    (observed - expected) / nullif(1 - expected, 0) as kappa,
    round(mean_difference, 9) as mean_difference,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from shares
