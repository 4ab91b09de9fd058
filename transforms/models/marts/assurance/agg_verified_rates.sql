-- One row per checked fact (contract × column), all random spot checks up to the announced day.
with counted as (
    select
        checked_contract,
        checked_column,
        min(checked_quarter) as first_quarter,
        max(checked_quarter) as last_quarter,
        count(distinct spot_check_id) as checks,
        sum(sampled_count) as sampled_count,
        sum(unverifiable_count) as unverifiable_count,
        sum(agreed_count) as agreed_count,
        sum(agreed_count + disagreed_count) as verified_count
    from {{ ref('int_spot_checks__random') }}
    group by checked_contract, checked_column
)

select
    checked_contract,
    checked_column,
    first_quarter,
    last_quarter,
    cast(checks as bigint) as checks,
    cast(sampled_count as bigint) as sampled_count,
    cast(unverifiable_count as bigint) as unverifiable_count,
    cast(agreed_count as bigint) as agreed_count,
    cast(verified_count as bigint) as verified_count,
    cast(agreed_count as double) / nullif(cast(verified_count as double), 0) as verified_share,
    cast({{ wilson_lower('agreed_count', 'verified_count') }} as double) as verified_lower,
    cast({{ wilson_upper('agreed_count', 'verified_count') }} as double) as verified_upper,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
