-- One row per topic × dimension × metric × participation in the metric's denominator, mature cohorts only.
with measured as (
    select *
    from (
        values
            ('equity', 'access_to_credential_training'),
            ('equity', 'completion_rate'),
            ('equity', 'credential_attainment'),
            ('equity', 'employment_rate_q2'),
            ('equity', 'median_earnings_q2'),
            ('support', 'completion_rate'),
            ('incentive', 'completion_rate'),
            ('incentive', 'retention_q4'),
            ('mentoring', 'completion_rate'),
            ('mentoring', 'employment_rate_q2'),
            ('delivery', 'completion_rate'),
            ('delivery', 'credential_attainment'),
            ('delivery', 'employment_rate_q2')
    ) as pairs (topic, metric_id)
),

mature as (
    select
        units.metric_id,
        units.cohort_quarter,
        matured.newest_quarter,
        units.participation_id,
        units.is_hit,
        units.measure,
        units.parent_group_id
    from {{ ref('int_outcomes__by_unit') }} as units
    inner join {{ ref('int_cohorts__matured') }} as matured
        on units.metric_id = matured.metric_id and units.cohort_quarter = matured.cohort_quarter
    where matured.maturity = 'MATURE'
        and units.metric_id in (
            'completion_rate', 'credential_attainment', 'employment_rate_q2', 'median_earnings_q2', 'retention_q4'
        )

    union all

    -- Into which training somebody came is known on the day they enter.
    select
        'access_to_credential_training',
        entry_quarter,
        entry_quarter,
        participation_id,
        has_training_beyond_the_job,
        null,
        parent_group_id
    from {{ ref('int_participations__described') }}
    where {{ quarter_has_ended('entry_quarter') }}
)

select
    grouped.topic,
    grouped.group_dim,
    grouped.group_value,
    grouped.reference_value,
    mature.metric_id,
    mature.participation_id,
    participations.learner_key,
    participations.program_id,
    mature.cohort_quarter,
    mature.newest_quarter,
    mature.is_hit,
    mature.measure,
    mature.parent_group_id
from {{ ref('int_people__grouped') }} as grouped
inner join measured on grouped.topic = measured.topic
inner join mature on measured.metric_id = mature.metric_id and grouped.participation_id = mature.participation_id
inner join {{ ref('int_participations__described') }} as participations
    on grouped.participation_id = participations.participation_id
