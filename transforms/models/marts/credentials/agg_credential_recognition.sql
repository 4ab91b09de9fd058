-- One row per credential_id: how many of the members (by parent) recognize it on the last day of the
-- newest ended quarter.
with counted as (
    select
        credential_id,
        cast(count(*) as bigint) as parents,
        {{ count_if('is_recognized') }} as recognizing_parents
    from {{ ref('int_recognitions__by_parent') }}
    group by credential_id
)

select
    credential_id,
    (select max(year_quarter) from {{ ref('int_quarters__priced') }} where has_ended) as year_quarter,
    parents,
    recognizing_parents,
    cast(recognizing_parents as double) / parents as recognition_coverage,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
