-- One row per participation: a learner_key × program_id × period, enrollments less than 90 days apart merged.
with enrollments as (
    select
        *,
        coalesce(exit_date, {{ end_of_time() }}) as last_date
    from {{ ref('stg_enrollment') }}
),

followed as (
    select
        *,
        max(last_date) over (
            partition by learner_key, program_id order by entry_date, box_firm_id
            rows between unbounded preceding and 1 preceding
        ) as last_date_before
    from enrollments
),

-- 89 days between an exit and the next entry is one period, 90 days is two: an exit is 90 days without service.
marked as (
    select
        *,
        case
            when last_date_before is null then 1
            when {{ days_between('last_date_before', 'entry_date') }} >= 90 then 1
            else 0
        end as is_start
    from followed
),

numbered as (
    select
        *,
        sum(is_start) over (
            partition by learner_key, program_id order by entry_date, box_firm_id
            rows between unbounded preceding and current row
        ) as participation_number
    from marked
),

ranked as (
    select
        *,
        row_number() over (
            partition by learner_key, program_id, participation_number order by entry_date, box_firm_id
        ) as from_first,
        row_number() over (
            partition by learner_key, program_id, participation_number order by entry_date desc, box_firm_id desc
        ) as from_latest,
        row_number() over (
            partition by learner_key, program_id, participation_number
            order by last_date desc, entry_date desc, box_firm_id desc
        ) as from_last_exit
    from numbered
)

select
    learner_key || '|' || program_id || '|' || cast(min(entry_date) as varchar) as participation_id,
    learner_key,
    program_id,
    cast(participation_number as integer) as participation_number,
    cast(count(*) as integer) as enrollment_count,
    min(entry_date) as entry_date,
    nullif(max(last_date), {{ end_of_time() }}) as exit_date,
    max(case when from_last_exit = 1 then other_reason_for_exit_code end) as other_reason_for_exit_code,
    max(case when from_latest = 1 then box_firm_id end) as enrolling_firm_id,
    max(case when from_latest = 1 then lwdb_code end) as lwdb_code,
    max(case when from_first = 1 then training_start_date end) as training_start_date,
    max(case when from_latest = 1 then training_completed end) as training_completed,
    max(case when from_latest = 1 then training_end_date end) as training_end_date,
    max(case when from_first = 1 then wages_q1_prior_usd end) as wages_q1_prior_usd,
    max(case when from_first = 1 then wages_q2_prior_usd end) as wages_q2_prior_usd,
    max(case when from_first = 1 then wages_q3_prior_usd end) as wages_q3_prior_usd,
    max(case when training_start_date is not null then 1 else 0 end) = 1 as has_training,
    -- Training other than on-the-job (01) and customized (05); with the type blank, a start date says that there was some.
    max(case
        when training_type_code is null then case when training_start_date is not null then 1 else 0 end
        when training_type_code in ('00', '01', '05') then 0
        else 1
    end) = 1 as has_training_beyond_the_job
from ranked
group by learner_key, program_id, participation_number
