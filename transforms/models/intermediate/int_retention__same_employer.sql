-- One row per participation with a primary employer in the second quarter after exit: whether it pays them in Q4 and Q8.
with second as (
    select * from {{ ref('int_employment__after_exit') }} where quarters_after_exit = 2 and primary_employer_id is not null
),

later as (
    select * from {{ ref('int_employment__after_exit') }} where quarters_after_exit in (4, 8)
),

-- A firm that took the employer over as a whole by the end of the later quarter is the same employer.
same_employers as (
    select
        second.participation_id,
        second.learner_key,
        later.quarters_after_exit,
        later.year_quarter,
        second.primary_employer_id as firm_id
    from second
    inner join later on second.participation_id = later.participation_id

    union all

    select
        second.participation_id,
        second.learner_key,
        later.quarters_after_exit,
        later.year_quarter,
        succeeded.successor_firm_id
    from second
    inner join later on second.participation_id = later.participation_id
    inner join {{ ref('int_firms__succeeded') }} as succeeded
        on second.primary_employer_id = succeeded.firm_id
        and succeeded.succession_date <= {{ quarter_last_day('later.year_quarter') }}
),

paid as (
    select
        same_employers.participation_id,
        same_employers.quarters_after_exit,
        max(case when later_pay.is_unsubsidized_pay then 1 else 0 end) as is_paid
    from same_employers
    left join {{ ref('int_wages__by_person_firm_quarter') }} as later_pay
        on same_employers.learner_key = later_pay.learner_key
        and same_employers.firm_id = later_pay.firm_id
        and same_employers.year_quarter = later_pay.year_quarter
    group by same_employers.participation_id, same_employers.quarters_after_exit
)

select
    second.participation_id,
    second.primary_employer_id,
    fourth.is_paid = 1 as is_retained,
    eighth.is_paid = 1 as is_retained_q8
from second
inner join paid as fourth on second.participation_id = fourth.participation_id and fourth.quarters_after_exit = 4
left join paid as eighth on second.participation_id = eighth.participation_id and eighth.quarters_after_exit = 8
