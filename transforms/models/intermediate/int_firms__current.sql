-- One row per firm_id: its version in force on the announced day, with ultimate parent and NAICS sector.
with ranked as (
    select
        *,
        row_number() over (
            partition by firm_id
            order by {{ in_force_first('valid_from') }}, submission_id desc
        ) as recency
    from {{ ref('stg_firm') }}
)

select
    ranked.firm_id,
    coalesce(ranked.parent_group_id, ranked.firm_id) as parent_group_id,
    ranked.display_label,
    ranked.naics_code,
    coalesce(sectors.sector_code, 'unreported') as sector_code,
    coalesce(sectors.sector_title, 'Not reported') as sector_title,
    ranked.size_class,
    ranked.value_chain_tier,
    ranked.county_fips,
    ranked.lwdb_code,
    ranked.joined_date,
    ranked.left_date
from ranked
left join {{ ref('sectors') }} as sectors on substr(ranked.naics_code, 1, 2) = sectors.naics_prefix
where ranked.recency = 1
