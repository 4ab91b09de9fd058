-- One row per year_quarter × learner_key × soc_code: a completer with an active credential, not placed in the occupation.
with available as (
    select
        quarters.year_quarter,
        completers.*,
        row_number() over (
            partition by quarters.year_quarter, completers.learner_key, completers.soc_code
            order by completers.soc_weight desc, completers.completed_date desc, completers.program_id
        ) as place
    from {{ ref('int_completers__by_occupation') }} as completers
    inner join {{ ref('int_demand_quarters__listed') }} as quarters on completers.completed_date <= quarters.last_date
    where exists (
        select 1
        from {{ ref('int_credentials__spells') }} as spells
        where spells.learner_key = completers.learner_key
            and coalesce(spells.program_id, completers.program_id) = completers.program_id
            and quarters.last_date between spells.attained_date and spells.active_until
    )
)

select
    available.year_quarter,
    available.learner_key,
    available.soc_code,
    available.county_fips,
    available.parent_group_id,
    available.soc_weight
from available
left join {{ ref('int_occupations__held') }} as held
    on available.learner_key = held.learner_key
    and available.year_quarter = held.year_quarter
    and available.soc_code = held.soc_code
where available.place = 1 and held.learner_key is null
