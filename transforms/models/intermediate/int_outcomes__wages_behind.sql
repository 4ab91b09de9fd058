-- One row per metric × participation × parent: wage dollars the parent's firms paid in the quarter the metric rests on.
with quarters as (
    select *
    from (
        values
            ('employment_rate_q2', 2),
            ('employment_rate_q4', 4),
            ('median_earnings_q2', 2),
            ('retention_same_employer_q2_q4', 2),
            ('real_earnings_change', 2),
            ('real_hourly_wage_change', 2),
            ('retention_q4', 2),
            ('retention_q8', 2),
            ('retention_same_employer_q2_q8', 2),
            ('training_related_employment', 2)
    ) as pairs (metric_id, quarters_after_exit)
)

select
    quarters.metric_id,
    employment.participation_id,
    coalesce(firms.parent_group_id, wages.firm_id) as parent_group_id,
    {{ sum_usd('wages.wages_usd') }} as amount_usd
from {{ ref('int_employment__after_exit') }} as employment
inner join quarters on employment.quarters_after_exit = quarters.quarters_after_exit
inner join {{ ref('int_wages__by_person_firm_quarter') }} as wages
    on employment.learner_key = wages.learner_key and employment.year_quarter = wages.year_quarter
left join {{ ref('int_firms__current') }} as firms on wages.firm_id = firms.firm_id
where employment.is_employed and wages.wages_usd > 0
group by quarters.metric_id, employment.participation_id, coalesce(firms.parent_group_id, wages.firm_id)

union all

-- With the state's records, the dollars stand under the account that the person is counted under.
select
    quarters.metric_id,
    employment.participation_id,
    employment.employer_parent_id,
    employment.wages_usd
from {{ ref('int_employment__wioa') }} as employment
inner join (
    values
        ('employment_rate_q2_wioa', 2),
        ('employment_rate_q4_wioa', 4),
        ('median_earnings_q2_wioa', 2)
) as quarters (metric_id, quarters_after_exit) on employment.quarters_after_exit = quarters.quarters_after_exit
where employment.is_employed and employment.wages_usd > 0
