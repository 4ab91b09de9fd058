-- One row per base quarter × group (all, SOC group, workforce area): movers who took a credential along that counts there.
with grouped as (
    {%- for dim, value in [('all', "'all'"), ('soc_group', 'soc_group'), ('area', 'area_code')] %}
    select '{{ dim }}' as group_dim, {{ value }} as group_value, movers.* from {{ ref('int_movers__credentialed') }} as movers
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

counted as (
    select
        base_quarter,
        group_dim,
        group_value,
        is_newest,
        max(last_quarter) as last_quarter,
        cast(count(*) as bigint) as movers_with_credential,
        {{ count_if('has_active_credential') }} as movers_with_active,
        {{ count_if('has_kept_credential') }} as movers_with_kept
    from grouped
    group by base_quarter, group_dim, group_value, is_newest
)

select
    counted.base_quarter,
    counted.group_dim,
    counted.group_value,
    counted.last_quarter as newest_quarter,
    counted.is_newest,
    counted.movers_with_credential,
    counted.movers_with_active,
    counted.movers_with_kept,
    cast(counted.movers_with_kept as double) / counted.movers_with_credential as integrity_share,
    cast({{ wilson_lower('counted.movers_with_kept', 'counted.movers_with_credential') }} as double) as integrity_lower,
    cast({{ wilson_upper('counted.movers_with_kept', 'counted.movers_with_credential') }} as double) as integrity_upper,
    case when owed.extracts_owed > 0 then 'INCOMPLETE' else 'MATURE' end as maturity,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
left join {{ ref('int_mobility_windows__outstanding') }} as owed
    on owed.horizon = 4 and counted.base_quarter = owed.base_quarter
