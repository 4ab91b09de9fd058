-- One row per rule × period: the factor on every firm's rate that reaches the budget, and whether any does.
with weighed as (
    select
        *,
        cast(weight_usd as double) as weight,
        -- Whoever has nothing to be reckoned on pays the floor, whatever the factor.
        case when weight_usd = 0 then floor_usd else cap_usd end as most_usd
    from {{ ref('int_assessments__weighed') }}
),

totals as (
    select
        rule_id,
        period,
        max(budget_usd) as budget_usd,
        sum(floor_usd) as least_usd,
        case when count(most_usd) = count(*) then sum(most_usd) end as most_usd
    from weighed
    group by rule_id, period
),

-- As the factor grows from 0, a firm leaves its floor at floor / weight and meets its cap at cap / weight.
turns as (
    select rule_id, period, cast(floor_usd as double) / weight as factor, weight as slope, -floor_usd as level_usd
    from weighed
    where weight > 0 and budget_usd is not null

    union all

    select rule_id, period, cast(cap_usd as double) / weight, -weight, cap_usd
    from weighed
    where weight > 0 and budget_usd is not null and cap_usd is not null
),

running as (
    select
        turns.*,
        sum(slope) over until_here as all_slope,
        sum(level_usd) over until_here as all_level_usd
    from turns
    window until_here as (
        partition by rule_id, period order by factor range between unbounded preceding and current row
    )
),

reached as (
    select
        running.*,
        totals.budget_usd,
        cast(totals.least_usd + running.all_level_usd as double) as level,
        row_number() over (
            partition by running.rule_id, running.period order by running.factor desc, running.slope desc
        ) as recency
    from running
    inner join totals on running.rule_id = totals.rule_id and running.period = totals.period
    where
        cast(totals.least_usd + running.all_level_usd as double) + running.all_slope * running.factor
        <= cast(totals.budget_usd as double) + 1e-6
)

select
    totals.rule_id,
    totals.period,
    totals.budget_usd,
    totals.budget_usd is null
        or (totals.budget_usd >= totals.least_usd and totals.budget_usd <= coalesce(totals.most_usd, totals.budget_usd))
        as is_feasible,
    case
        when totals.budget_usd is null then cast(1 as decimal(18, 12))
        -- On a level stretch every factor gives the same sum: the least of them is taken.
        when reached.all_slope > 1e-9
            then cast((cast(reached.budget_usd as double) - reached.level) / reached.all_slope as decimal(18, 12))
        else cast(coalesce(reached.factor, 1) as decimal(18, 12))
    end as factor
from totals
left join reached on totals.rule_id = reached.rule_id and totals.period = reached.period and reached.recency = 1
