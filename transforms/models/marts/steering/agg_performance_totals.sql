-- One row per line of pay for performance (due, pending, forfeited), all terms and mature cohorts together.
with lines as (
    select 'due' as line, due_usd as amount_usd, payables.* from {{ ref('int_payables__capped') }} as payables
    union all
    select 'pending', pending_usd, payables.* from {{ ref('int_payables__capped') }} as payables
    union all
    select 'forfeited', forfeited_usd, payables.* from {{ ref('int_payables__capped') }} as payables
)

select
    line,
    min(cohort_quarter) as cohort_start,
    max(cohort_quarter) as cohort_end,
    max(newest_quarter) as newest_quarter,
    max(case when is_wage_derived or is_second_wage_derived then 1 else 0 end) = 1 as is_wage_derived,
    cast(count(distinct term_id) as bigint) as terms,
    cast(sum(denominator) as bigint) as persons,
    {{ sum_usd('amount_usd') }} as amount_usd,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from lines
where is_met is not null
group by line
