-- One row per funding tier × program: a tier opens when all its gates are passed.
with gates as (
    select
        *,
        case
            when missing is not null then 'NOT_ENOUGH_DATA'
            when is_met then 'PASS'
            else 'FAIL'
        end as decision
    from {{ ref('int_tiers__gates') }}
),

counted as (
    select
        tier_id,
        max(tier_level) as tier_level,
        program_id,
        count(*) as gates,
        {{ count_if("decision = 'PASS'") }} as gates_passed,
        {{ count_if("decision = 'FAIL'") }} as gates_failed,
        max(opens_share) as opens_share,
        max(opens_usd) as opens_usd
    from gates
    group by tier_id, program_id
)

select
    tier_id,
    cast(tier_level as integer) as tier_level,
    program_id,
    cast(gates as bigint) as gates,
    gates_passed,
    case
        when gates_failed > 0 then 'FAIL'
        when gates_passed < gates then 'NOT_ENOUGH_DATA'
        else 'PASS'
    end as decision,
    case when gates_passed = gates then opens_share end as opened_share,
    case when gates_passed = gates then opens_usd end as opened_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
