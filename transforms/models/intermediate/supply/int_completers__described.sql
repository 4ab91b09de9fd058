-- One row per learner_key × program_id whose training was completed: when, where, and in which field of study.
with enrollments as (
    select
        *,
        row_number() over (
            partition by learner_key, program_id order by entry_date desc, box_firm_id desc
        ) as recency
    from {{ ref('stg_enrollment') }}
),

completed as (
    select
        learner_key,
        program_id,
        min(training_end_date) as completed_date
    from {{ ref('int_participations__described') }}
    where training_completed = 1 and training_end_date is not null
    group by learner_key, program_id
)

select
    completed.learner_key,
    completed.program_id,
    completed.completed_date,
    coalesce(firms.parent_group_id, enrollments.box_firm_id) as parent_group_id,
    coalesce(
        {{ comparable_county('enrollments.residence_county_fips') }},
        {{ comparable_county('firms.county_fips') }},
        'unreported'
    ) as county_fips,
    coalesce(enrollments.cip_code, programs.cip_code) as cip_code,
    {{ soc_of_onet('enrollments.onet_soc_code') }} as soc_code
from completed
inner join enrollments
    on completed.learner_key = enrollments.learner_key
    and completed.program_id = enrollments.program_id
    and enrollments.recency = 1
left join {{ ref('int_firms__current') }} as firms on enrollments.box_firm_id = firms.firm_id
left join {{ ref('int_programs__current') }} as programs on completed.program_id = programs.program_id
