-- One row per participation: how its program is delivered, and the kind of work-based learning in it.
select
    participations.participation_id,
    coalesce(lower(programs.delivery_mode), 'undisclosed') as delivery_mode,
    case
        when programs.wbl_type is null then 'undisclosed'
        when programs.wbl_type = '0' then 'none'
        when programs.wbl_type in ('1', '2') then 'employment_or_internship'
        when programs.wbl_type = '3' then 'pre_apprenticeship'
        when programs.wbl_type = '5' then 'on_the_job'
        else 'other'
    end as work_based_learning
from {{ ref('int_participations__described') }} as participations
left join {{ ref('int_programs__current') }} as programs on participations.program_id = programs.program_id
