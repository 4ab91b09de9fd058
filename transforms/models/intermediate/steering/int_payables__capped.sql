-- One row per performance term × cohort quarter: what is due by the announced day, within the term's cap, oldest cohorts first.
with owed as (
    select
        *,
        case
            when is_met then first_usd + case when is_second_met and held_usd > 0 then held_usd else 0 end
            else cast(0 as decimal(18, 2))
        end as owed_usd
    from {{ ref('int_payables__tested') }}
),

running as (
    select
        *,
        coalesce(
            sum(owed_usd) over (
                partition by term_id order by cohort_quarter rows between unbounded preceding and 1 preceding
            ),
            0
        ) as owed_before_usd
    from owed
)

select
    *,
    cast(case
        when cap_usd is null then owed_usd
        else greatest(least(owed_usd, cap_usd - owed_before_usd), 0)
    end as decimal(18, 2)) as due_usd,
    cast(case when state = 'HELD_BACK' then held_usd else 0 end as decimal(18, 2)) as pending_usd,
    cast(case when state = 'FORFEITED' then held_usd else 0 end as decimal(18, 2)) as forfeited_usd
from running
