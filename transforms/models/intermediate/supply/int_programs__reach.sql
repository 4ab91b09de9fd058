-- One row per program_id in force × county_fips that it takes people from; a program without people yet could take any.
with offered as (
    select *
    from {{ ref('int_programs__current') }}
    where coalesce(effective_from, {{ as_of() }}) <= {{ as_of() }}
        and coalesce(effective_to, {{ end_of_time() }}) >= {{ as_of() }}
),

reached as (
    select distinct
        participations.program_id,
        coalesce({{ comparable_county('firms.county_fips') }}, 'unreported') as county_fips
    from {{ ref('int_participations__described') }} as participations
    left join {{ ref('int_firms__current') }} as firms on participations.enrolling_firm_id = firms.firm_id
)

select
    offered.program_id,
    offered.program_name,
    offered.provider_id,
    offered.cip_code,
    offered.soc_codes,
    coalesce(reached.county_fips, everywhere.county_fips) as county_fips,
    offered.has_participants
from offered
left join reached on offered.program_id = reached.program_id
left join (select distinct county_fips from reached) as everywhere on not offered.has_participants
where coalesce(reached.county_fips, everywhere.county_fips) is not null
