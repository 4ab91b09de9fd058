-- One row per metric × cohort quarter, from the first with an event to the last, the quarters between included.
with events as (
    select
        'participants_served' as metric_id,
        entry_quarter as first_quarter,
        -- Somebody who is still enrolled is served until today.
        least(coalesce(exit_quarter, {{ quarter_of(as_of()) }}), {{ quarter_of(as_of()) }}) as last_quarter
    from {{ ref('int_participations__described') }}
    where entry_date <= {{ as_of() }}

    union all

    select 'completion_rate', training_end_quarter, training_end_quarter
    from {{ ref('int_participations__described') }}
    where training_completed in (0, 1) and training_end_quarter is not null

    union all

    select 'any_program_credential', training_end_quarter, training_end_quarter
    from {{ ref('int_participations__described') }}
    where training_completed = 1 and training_end_quarter is not null

    union all

    select 'on_time_completion', cohort_quarter, cohort_quarter
    from {{ ref('int_completions__on_time') }}

    union all

    select 'measurable_skill_gains', cohort_quarter, cohort_quarter
    from {{ ref('int_skill_gains__by_program_year') }}

    union all

    select lags.metric_id, exits.exit_quarter, exits.exit_quarter
    from {{ ref('int_participations__described') }} as exits
    cross join {{ ref('metric_lags') }} as lags
    where exits.exit_quarter is not null
        and not exits.is_exit_excluded
        and lags.cohort_by = 'exit'
),

spans as (
    select
        metric_id,
        min(first_quarter) as first_quarter,
        max(last_quarter) as last_quarter
    from events
    group by metric_id
)

select
    spans.metric_id,
    quarters.year_quarter as cohort_quarter
from spans
inner join {{ ref('int_quarters__priced') }} as quarters
    on quarters.year_quarter between spans.first_quarter and spans.last_quarter
-- A program year is one cohort, named by its last quarter.
where spans.metric_id <> 'measurable_skill_gains' or substr(quarters.year_quarter, 6, 1) = '2'
