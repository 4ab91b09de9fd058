-- One row per quarter after exit (2 and 4) × exit quarter: exits for which neither members nor the state have answered yet.
select
    employment.quarters_after_exit,
    exits.exit_quarter,
    {{ count_if('not employment.is_known') }} as unanswered_exits
from {{ ref('int_participations__described') }} as exits
inner join {{ ref('int_employment__wioa') }} as employment on exits.participation_id = employment.participation_id
where exits.exit_date is not null and not exits.is_exit_excluded
group by employment.quarters_after_exit, exits.exit_quarter
