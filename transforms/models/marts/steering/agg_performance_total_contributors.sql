-- One row per line of pay for performance × parent firm behind the cohorts tested. Build zone only.
with tested as (
    select distinct trigger_metric_id as metric_id, program_id, cohort_quarter
    from {{ ref('int_payables__capped') }}
    where is_met is not null
),

behind as (
    select
        figures.parent_group_id,
        sum(figures.persons) as persons,
        sum(figures.numerator_persons) as numerator_persons,
        {{ sum_usd('figures.amount_usd') }} as amount_usd
    from tested
    inner join {{ ref('int_figures__behind') }} as figures
        on tested.metric_id = figures.metric_id
        and tested.program_id = figures.member
        and tested.cohort_quarter = figures.cohort_quarter
    group by figures.parent_group_id
)

select
    lines.line,
    behind.parent_group_id,
    cast(behind.persons as bigint) as persons,
    cast(behind.numerator_persons as bigint) as numerator_persons,
    behind.amount_usd
from behind
cross join (values ('due'), ('pending'), ('forfeited')) as lines (line)
