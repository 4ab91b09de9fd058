-- One row per participation: who entered, as the first enrollment of the period tells it.
with ranked as (
    select
        participations.participation_id,
        enrollments.*,
        row_number() over (
            partition by participations.participation_id order by enrollments.entry_date, enrollments.box_firm_id
        ) as place
    from {{ ref('int_participations__described') }} as participations
    inner join {{ ref('stg_enrollment') }} as enrollments
        on participations.learner_key = enrollments.learner_key
        and participations.program_id = enrollments.program_id
        and enrollments.entry_date between participations.entry_date
        and coalesce(participations.exit_date, {{ end_of_time() }})
),

first_enrollments as (
    select
        *,
        case when race_aian = '1' then 1 else 0 end
        + case when race_asian = '1' then 1 else 0 end
        + case when race_black = '1' then 1 else 0 end
        + case when race_nhpi = '1' then 1 else 0 end
        + case when race_white = '1' then 1 else 0 end
        + case when race_mena = '1' then 1 else 0 end as races
    from ranked
    where place = 1
)

-- 9 and blank are no answers: never "no". One ethnicity or race a person: Hispanic first, then the race, or several.
select
    participation_id,
    case sex when '1' then 'male' when '2' then 'female' when '3' then 'other' else 'undisclosed' end as sex,
    case
        when hispanic = '1' then 'hispanic'
        when races > 1 then 'multiracial'
        when race_white = '1' then 'white'
        when race_black = '1' then 'black'
        when race_asian = '1' then 'asian'
        when races = 1 then 'another_race'
        else 'undisclosed'
    end as race_ethnicity,
    case
        when age_at_entry is null then 'undisclosed'
        when age_at_entry < 25 then 'under_25'
        when age_at_entry < 55 then '25_to_54'
        else '55_and_over'
    end as age,
    {{ yes_no('disability') }} as disability,
    case
        when incumbent_worker is null then 'undisclosed'
        when incumbent_worker = 0 then 'new_entrant'
        else 'incumbent'
    end as standing,
    {{ yes_no('single_parent') }} as single_parent,
    {{ yes_no('low_income') }} as low_income,
    {{ yes_no('ell') }} as ell,
    {{ yes_no('basic_skills_deficient') }} as basic_skills_deficient,
    {{ yes_no('ex_offender') }} as ex_offender,
    {{ yes_no('long_term_unemployed') }} as long_term_unemployed
from first_enrollments
