-- One row per cell × unit: a person is in a cell once, however many of their periods reach into it.
with placed as (
    select
        units.*,
        participations.learner_key,
        participations.entry_date,
        participations.program_id,
        participations.area_code,
        participations.sector_code
    from {{ ref('int_outcomes__by_unit') }} as units
    inner join {{ ref('int_participations__described') }} as participations
        on units.participation_id = participations.participation_id
),

sliced as (
    select placed.*, breakdowns.breakdown, breakdowns.member, breakdowns.window_kind
    from placed
    inner join {{ ref('int_breakdowns__listed') }} as breakdowns
        on breakdowns.member = case
            when breakdowns.breakdown in ('consortium', 'cohort') then 'consortium'
            when breakdowns.breakdown in ('program', 'program_cohort_year') then placed.program_id
            when breakdowns.breakdown in ('area', 'area_cohort_year') then placed.area_code
            when breakdowns.breakdown = 'sector' then placed.sector_code
        end
),

ranked as (
    select
        sliced.metric_id || '|' || sliced.breakdown || '|' || sliced.member
            || '|' || windows.cohort_start || '|' || windows.cohort_end as cell_id,
        sliced.*,
        row_number() over (
            partition by sliced.metric_id, sliced.breakdown, sliced.member, windows.cohort_start, windows.cohort_end, sliced.unit_id
            order by sliced.entry_date desc, sliced.participation_id desc
        ) as recency
    from sliced
    inner join {{ ref('int_cohorts__windowed') }} as windows
        on sliced.metric_id = windows.metric_id
        and sliced.cohort_quarter = windows.cohort_quarter
        and sliced.window_kind = windows.window_kind
)

select
    cell_id,
    metric_id,
    unit_id,
    participation_id,
    learner_key,
    is_hit,
    measure,
    parent_group_id
from ranked
where recency = 1
