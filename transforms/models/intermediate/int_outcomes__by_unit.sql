-- One row per metric × cohort quarter × unit: who is in the denominator, hit or measure, and the parent it counts under.
with outcomes as (
    select * from {{ ref('int_outcomes__by_participation') }}
),

exiters as (
    select * from outcomes where is_exiter
),

served as (
    select
        'participants_served' as metric_id,
        cohorts.cohort_quarter,
        outcomes.learner_key as unit_id,
        outcomes.participation_id,
        cast(null as boolean) as is_hit,
        cast(null as double) as measure,
        outcomes.parent_group_id
    from outcomes
    inner join {{ ref('int_cohorts__reached') }} as cohorts
        on cohorts.metric_id = 'participants_served'
        and cohorts.cohort_quarter between outcomes.entry_quarter and coalesce(outcomes.exit_quarter, '9999Q4')
),

completed as (
    select
        'completion_rate', training_end_quarter, participation_id, participation_id,
        training_completed = 1, null, parent_group_id
    from outcomes
    where training_completed in (0, 1) and training_end_quarter is not null
),

credentialed as (
    select
        'credential_attainment', exit_quarter, participation_id, participation_id,
        has_counted_credential, null, parent_group_id
    from exiters
    where has_training_beyond_the_job
),

-- Somebody employed counts under the employer of the quarter, anybody else under the firm that enrolled them.
employed_second as (
    select
        'employment_rate_q2', exit_quarter, participation_id, participation_id,
        is_employed_q2, null, coalesce(employer_q2_parent_id, parent_group_id)
    from exiters
),

employed_fourth as (
    select
        'employment_rate_q4', exit_quarter, participation_id, participation_id,
        is_employed_q4, null, coalesce(employer_q4_parent_id, parent_group_id)
    from exiters
),

earned as (
    select
        'median_earnings_q2', exit_quarter, participation_id, participation_id,
        null, cast(wages_q2_usd as double), employer_q2_parent_id
    from exiters
    where is_employed_q2 and wages_q2_usd > 0
),

retained as (
    select
        'retention_same_employer_q2_q4', exit_quarter, participation_id, participation_id,
        is_retained, null, employer_q2_parent_id
    from exiters
    where is_retained is not null
),

changed as (
    select
        'real_earnings_change', exit_quarter, participation_id, participation_id,
        null, real_change_usd, employer_q2_parent_id
    from exiters
    where real_change_usd is not null
)

select * from served
union all
select * from completed
union all
select * from credentialed
union all
select * from employed_second
union all
select * from employed_fourth
union all
select * from earned
union all
select * from retained
union all
select * from changed
