-- One row per participation × kind of support needed, and one for any: whether it was provided by the announced day.
with needs as (
    select
        participations.participation_id,
        supports.support_type_code,
        max(case when supports.support_status_code = 'PROVIDED' and supports.provided_from <= {{ as_of() }} then 1 else 0 end) as is_provided,
        max(case when supports.support_status_code <> 'DECLINED' then 1 else 0 end) as is_wanted
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('stg_support_service') }} as supports
        on participations.learner_key = supports.learner_key
        and participations.program_id = supports.program_id
        and supports.need_found_date between participations.entry_date
        and coalesce(participations.exit_date, {{ end_of_time() }})
    where supports.need_found_date <= {{ as_of() }}
    group by participations.participation_id, supports.support_type_code
),

-- Whoever declined did not go without for want of a support, and stands on neither side.
listed as (
    select participation_id, lower(support_type_code) as support, is_provided from needs where is_wanted = 1
    union all
    select participation_id, 'any', max(is_provided) from needs where is_wanted = 1 group by participation_id
)

select
    participation_id,
    support,
    case when is_provided = 1 then 'provided' else 'unmet' end as standing
from listed
