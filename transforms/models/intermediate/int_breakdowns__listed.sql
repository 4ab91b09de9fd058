-- One row per breakdown × member: every slice that figures are stated for, and the kind of window it takes.
with participations as (
    select * from {{ ref('int_participations__described') }}
)

select 'consortium' as breakdown, 'consortium' as member, 'all' as window_kind
union all
select 'cohort', 'consortium', 'quarter'
union all
select distinct 'program', program_id, 'all' from participations
union all
select distinct 'area', area_code, 'all' from participations
union all
select distinct 'sector', sector_code, 'all' from participations
union all
select distinct 'program_cohort_year', program_id, 'year' from participations
union all
select distinct 'area_cohort_year', area_code, 'year' from participations
