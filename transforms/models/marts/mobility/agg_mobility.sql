-- One row per horizon × base quarter × group (all, SOC group, workforce area): who came to work for another member.
with counted as (
    select
        horizon,
        base_quarter,
        group_dim,
        group_value,
        max(last_quarter) as last_quarter,
        is_newest,
        cast(count(*) as bigint) as persons,
        {{ count_if('has_moved') }} as movers,
        {{ count_if('is_upward is not null') }} as movers_compared,
        {{ count_if('is_upward') }} as upward_movers
    from {{ ref('int_moves__grouped') }}
    group by horizon, base_quarter, group_dim, group_value, is_newest
)

select
    counted.horizon,
    counted.base_quarter,
    counted.group_dim,
    counted.group_value,
    counted.last_quarter as newest_quarter,
    counted.is_newest,
    counted.persons,
    counted.movers,
    cast(counted.movers as double) / counted.persons as mobility_rate,
    cast({{ wilson_lower('counted.movers', 'counted.persons') }} as double) as mobility_lower,
    cast({{ wilson_upper('counted.movers', 'counted.persons') }} as double) as mobility_upper,
    counted.movers_compared,
    counted.upward_movers,
    cast(counted.upward_movers as double) / nullif(cast(counted.movers_compared as double), 0) as upward_share,
    cast({{ wilson_lower('counted.upward_movers', 'counted.movers_compared') }} as double) as upward_lower,
    cast({{ wilson_upper('counted.upward_movers', 'counted.movers_compared') }} as double) as upward_upper,
    case when owed.extracts_owed > 0 then 'INCOMPLETE' else 'MATURE' end as maturity,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
left join {{ ref('int_mobility_windows__outstanding') }} as owed
    on counted.horizon = owed.horizon and counted.base_quarter = owed.base_quarter
