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
        cohort_quarter,
        learner_key as unit_id,
        participation_id,
        cast(null as boolean) as is_hit,
        cast(null as double) as measure,
        parent_group_id
    from {{ ref('int_people__served') }}
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
),

followed as (
    select
        metric_id, exit_quarter, participation_id, participation_id as unit_id,
        is_hit, null as measure, employer_q2_parent_id
    from (
        select 'retention_q4' as metric_id, exiters.*, is_employed_q4 as is_hit from exiters where is_employed_q2
        union all
        select 'retention_q8', exiters.*, is_employed_q8 from exiters where is_employed_q2
        union all
        select 'retention_same_employer_q2_q8', exiters.*, is_retained_q8 from exiters where is_retained_q8 is not null
        union all
        select 'training_related_employment', exiters.*, is_work_related from exiters where is_work_related is not null
    ) as of_employed
),

hourly as (
    select
        'real_hourly_wage_change', exit_quarter, participation_id, participation_id,
        null, real_hourly_change_usd, employer_q2_parent_id
    from exiters
    where real_hourly_change_usd is not null
),

-- With the state's records: any employer counts, and one that is no member stands under its account.
wioa as (
    select
        'employment_rate_q2_wioa', exit_quarter, participation_id, participation_id,
        is_employed_q2_wioa, null, coalesce(employer_q2_wioa_parent_id, parent_group_id)
    from exiters
    union all
    select
        'employment_rate_q4_wioa', exit_quarter, participation_id, participation_id,
        is_employed_q4_wioa, null, coalesce(employer_q4_wioa_parent_id, parent_group_id)
    from exiters
    union all
    select
        'median_earnings_q2_wioa', exit_quarter, participation_id, participation_id,
        null, cast(wages_q2_wioa_usd as double), employer_q2_wioa_parent_id
    from exiters
    where is_employed_q2_wioa and wages_q2_wioa_usd > 0
),

on_time as (
    select
        'on_time_completion', timely.cohort_quarter, outcomes.participation_id, outcomes.participation_id,
        timely.is_on_time, null, outcomes.parent_group_id
    from {{ ref('int_completions__on_time') }} as timely
    inner join outcomes on timely.participation_id = outcomes.participation_id
),

any_credential as (
    select
        'any_program_credential', outcomes.training_end_quarter, outcomes.participation_id, outcomes.participation_id,
        completers.has_any_credential, null, outcomes.parent_group_id
    from {{ ref('int_credentials__after_completion') }} as completers
    inner join outcomes on completers.participation_id = outcomes.participation_id
),

gained as (
    select
        'measurable_skill_gains', gains.cohort_quarter,
        outcomes.participation_id || '|' || gains.cohort_quarter, outcomes.participation_id,
        gains.has_gain, null, outcomes.parent_group_id
    from {{ ref('int_skill_gains__by_program_year') }} as gains
    inner join outcomes on gains.participation_id = outcomes.participation_id
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
union all
select * from hourly
union all
select * from wioa
union all
select * from on_time
union all
select * from any_credential
union all
select * from gained
union all
select metric_id, exit_quarter, unit_id, participation_id, is_hit, measure, employer_q2_parent_id from followed
