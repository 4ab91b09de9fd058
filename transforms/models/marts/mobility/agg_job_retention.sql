-- One row per horizon × base quarter × group (all, workforce area): still with any member, and with the same one.
with counted as (
    select
        horizon,
        base_quarter,
        group_dim,
        group_value,
        is_newest,
        max(last_quarter) as last_quarter,
        cast(count(*) as bigint) as persons,
        {{ count_if('is_observed') }} as observed_later,
        {{ count_if('is_same_employer') }} as same_employer
    from {{ ref('int_later_jobs__grouped') }}
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
    counted.observed_later,
    cast(counted.observed_later as double) / counted.persons as retained_share,
    cast({{ wilson_lower('counted.observed_later', 'counted.persons') }} as double) as retained_lower,
    cast({{ wilson_upper('counted.observed_later', 'counted.persons') }} as double) as retained_upper,
    counted.same_employer,
    cast(counted.same_employer as double) / counted.persons as same_employer_share,
    case when owed.extracts_owed > 0 then 'INCOMPLETE' else 'MATURE' end as maturity,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
left join {{ ref('int_mobility_windows__outstanding') }} as owed
    on counted.horizon = owed.horizon and counted.base_quarter = owed.base_quarter
