-- One row per unit of cost × breakdown × member.
with counted as (
    select unit, breakdown, member, count(*) as units
    from {{ ref('int_unit_costs__counted') }}
    group by unit, breakdown, member
),

spent as (
    select
        windows.unit,
        members.breakdown,
        members.member,
        {{ sum_usd('spending.disbursed_usd') }} as cost_usd
    from {{ ref('int_unit_costs__windowed') }} as windows
    cross join {{ ref('int_unit_costs__members') }} as members
    left join {{ ref('int_fund__program_spending') }} as spending
        on spending.year_quarter <= windows.cohort_end
        and (members.breakdown = 'consortium' or members.member = spending.program_id)
    group by windows.unit, members.breakdown, members.member
),

stated as (
    select
        spent.*,
        windows.metric_id,
        windows.maturity,
        windows.cohort_start,
        windows.cohort_end,
        windows.newest_quarter,
        coalesce(counted.units, 0) as units,
        case
            when windows.maturity <> 'MATURE' then -1
            when coalesce(counted.units, 0) = 0 then -2
            else 1
        end as value_status
    from spent
    inner join {{ ref('int_unit_costs__windowed') }} as windows on spent.unit = windows.unit
    left join counted
        on spent.unit = counted.unit and spent.breakdown = counted.breakdown and spent.member = counted.member
)

select
    unit,
    breakdown,
    member,
    {{ cell_identifiers('breakdown', 'member') }},
    cost_usd,
    cast(units as bigint) as count,
    cast(case when value_status = 1 then cast(cost_usd as double) / units end as double) as value,
    cohort_start,
    cohort_end,
    value_status,
    maturity,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of,
    newest_quarter,
    metric_id = 'employment_rate_q2' as is_wage_derived
from stated
