-- One row per quarter × participation open on any day of it, with the firm that enrolled and the parent it counts under.
select
    cohorts.cohort_quarter,
    participations.participation_id,
    participations.learner_key,
    participations.program_id,
    participations.enrolling_firm_id,
    participations.parent_group_id
from {{ ref('int_participations__described') }} as participations
inner join {{ ref('int_cohorts__reached') }} as cohorts
    on cohorts.metric_id = 'participants_served'
    and cohorts.cohort_quarter
    between participations.entry_quarter and coalesce(participations.exit_quarter, '9999Q4')
