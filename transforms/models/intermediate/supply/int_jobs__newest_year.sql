-- One row per learner_key × firm_id × year_quarter with pay in the newest four quarters that demand is stated for.
with newest as (
    select year_quarter
    from {{ ref('int_demand_quarters__listed') }}
    where quarter_index > (select max(quarter_index) - 4 from {{ ref('int_demand_quarters__listed') }})
)

select
    wages.learner_key,
    wages.firm_id,
    wages.year_quarter,
    coalesce(firms.parent_group_id, wages.firm_id) as parent_group_id,
    coalesce(firms.value_chain_tier, 'unreported') as value_chain_tier,
    wages.soc_code
from {{ ref('int_wages__by_person_firm_quarter') }} as wages
left join {{ ref('int_firms__current') }} as firms on wages.firm_id = firms.firm_id
inner join newest on wages.year_quarter = newest.year_quarter
where wages.wages_usd > 0
