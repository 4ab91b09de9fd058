-- One row per rule that bills member firms × period assessed under it: the version in force on the period's first day.
with periods as (
    select
        rules.*,
        quarters.year_quarter as period,
        quarters.first_date,
        row_number() over (
            partition by rules.rule_id, quarters.year_quarter
            order by rules.effective_from desc, rules.rule_version desc
        ) as recency
    from {{ ref('stg_funding_rule') }} as rules
    inner join {{ ref('int_quarters__priced') }} as quarters
        on quarters.first_date between rules.effective_from and coalesce(rules.effective_to, {{ end_of_time() }})
    where
        quarters.has_ended
        and rules.billed_party_code = 'MEMBER_FIRM'
        and (rules.assessed_every_code = 'QUARTER' or substr(quarters.year_quarter, 6, 1) = '1')
)

select *
from periods
where recency = 1
