-- One row per cell: metric × breakdown × member × window, whether or not anybody is in it.
select distinct
    windows.metric_id || '|' || breakdowns.breakdown || '|' || breakdowns.member
        || '|' || windows.cohort_start || '|' || windows.cohort_end as cell_id,
    windows.metric_id,
    breakdowns.breakdown,
    breakdowns.member,
    {{ cell_identifiers('breakdowns.breakdown', 'breakdowns.member') }},
    windows.window_kind,
    windows.cohort_start,
    windows.cohort_end,
    windows.newest_quarter,
    windows.maturity
from {{ ref('int_cohorts__windowed') }} as windows
inner join {{ ref('int_breakdowns__listed') }} as breakdowns on windows.window_kind = breakdowns.window_kind
