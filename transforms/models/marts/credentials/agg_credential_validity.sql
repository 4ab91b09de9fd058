-- One row per credential (and all) × whole years since it was attained: the share that was still active.
with grouped as (
    select 'all' as credential_id, years_held, is_active, attained_date from {{ ref('int_credentials__aged') }}
    union all
    select credential_id, years_held, is_active, attained_date from {{ ref('int_credentials__aged') }}
),

counted as (
    select
        credential_id,
        years_held,
        min({{ quarter_of('attained_date') }}) as first_quarter,
        max({{ quarter_of('attained_date') }}) as last_quarter,
        cast(count(*) as bigint) as attained,
        {{ count_if('is_active') }} as active
    from grouped
    group by credential_id, years_held
)

select
    credential_id,
    years_held,
    first_quarter,
    last_quarter,
    attained,
    active,
    cast(active as double) / attained as active_share,
    cast({{ wilson_lower('active', 'attained') }} as double) as active_lower,
    cast({{ wilson_upper('active', 'attained') }} as double) as active_upper,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
