-- One row per pair of programs × county where both are offered and lead to the same field of study or occupation.
with occupations as (
    select distinct soc_code from {{ ref('int_crosswalk__weighted') }}
),

pairs as (
    select
        one.program_id,
        other.program_id as other_program_id,
        one.program_name,
        other.program_name as other_program_name,
        one.county_fips,
        coalesce(one.cip_code = other.cip_code, false) as has_same_cip,
        coalesce(one.provider_id = other.provider_id, false) as has_same_provider,
        one.soc_codes,
        other.soc_codes as other_soc_codes
    from {{ ref('int_programs__reach') }} as one
    inner join {{ ref('int_programs__reach') }} as other
        on one.county_fips = other.county_fips and one.program_id < other.program_id
),

counted as (
    select
        pairs.program_id,
        pairs.other_program_id,
        pairs.county_fips,
        cast(count(occupations.soc_code) as bigint) as shared_occupations
    from pairs
    left join occupations
        on {{ holds_code('pairs.soc_codes', 'occupations.soc_code') }}
        and {{ holds_code('pairs.other_soc_codes', 'occupations.soc_code') }}
    group by pairs.program_id, pairs.other_program_id, pairs.county_fips
)

select
    pairs.program_id,
    pairs.other_program_id,
    pairs.county_fips,
    pairs.program_name,
    pairs.other_program_name,
    pairs.has_same_cip,
    counted.shared_occupations,
    pairs.has_same_provider,
    {{ as_of() }} as as_of
from pairs
inner join counted
    on pairs.program_id = counted.program_id
    and pairs.other_program_id = counted.other_program_id
    and pairs.county_fips = counted.county_fips
where pairs.has_same_cip or counted.shared_occupations > 0
