-- One row per participation with a primary employer in the second quarter after exit: whether it pays them in the fourth.
with second as (
    select * from {{ ref('int_employment__after_exit') }} where quarters_after_exit = 2 and primary_employer_id is not null
),

fourth as (
    select * from {{ ref('int_employment__after_exit') }} where quarters_after_exit = 4
)

select
    second.participation_id,
    second.primary_employer_id,
    coalesce(later_pay.is_unsubsidized_pay, false) as is_retained
from second
inner join fourth on second.participation_id = fourth.participation_id
left join {{ ref('int_wages__by_person_firm_quarter') }} as later_pay
    on second.learner_key = later_pay.learner_key
    and second.primary_employer_id = later_pay.firm_id
    and fourth.year_quarter = later_pay.year_quarter
