-- One row per participation, with its quarters, its exit's standing, and the parent, sector and area it is counted under.
select
    participations.*,
    {{ quarter_of('participations.entry_date') }} as entry_quarter,
    {{ quarter_of('participations.exit_date') }} as exit_quarter,
    {{ quarter_of('participations.training_end_date') }} as training_end_quarter,
    -- Institutionalized, medical, deceased, reservist, foster care, ineligible, criminal offender: out of every exit measure.
    coalesce(participations.other_reason_for_exit_code in ('01', '02', '03', '04', '05', '06', '07'), false)
        as is_exit_excluded,
    coalesce(firms.parent_group_id, participations.enrolling_firm_id) as parent_group_id,
    coalesce(firms.sector_code, 'unreported') as sector_code,
    coalesce(participations.lwdb_code, 'unreported') as area_code
from {{ ref('int_participations__merged') }} as participations
left join {{ ref('int_firms__current') }} as firms on participations.enrolling_firm_id = firms.firm_id
