-- One row per award given by the announced day × tier it is counted in (all, and its own): its year and worth.
with awards as (
    select
        awards.learner_key,
        awards.program_id,
        awards.awarded_date,
        {{ quarter_of('awards.awarded_date') }} as awarded_quarter,
        cast(year(awards.awarded_date) as integer) as award_year,
        awards.incentive_type_code,
        awards.award_tier,
        cast(awards.amount_usd as decimal(18, 2)) as amount_usd,
        coalesce(firms.parent_group_id, awards.box_firm_id) as parent_group_id
    from {{ ref('stg_incentive_award') }} as awards
    left join {{ ref('int_firms__current') }} as firms on awards.box_firm_id = firms.firm_id
    where awards.awarded_date <= {{ as_of() }}
)

select 'all' as tier, awards.* from awards
union all
select cast(award_tier as varchar), awards.* from awards where award_tier is not null
