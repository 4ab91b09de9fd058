-- One row per apprenticeship step, and one for all: quarters on the step that were paid at least the step's rate.
with steps as (
    select 'all' as step, paid.* from {{ ref('int_steps__paid') }} as paid
    union all
    select cast(apprenticeship_step as varchar), paid.* from {{ ref('int_steps__paid') }} as paid
),

counted as (
    select
        step,
        min(year_quarter) as first_quarter,
        max(year_quarter) as last_quarter,
        count(distinct learner_key) as persons,
        count(*) as quarters,
        {{ count_if('is_on_step') }} as on_step
    from steps
    group by step
)

select
    step,
    first_quarter,
    last_quarter,
    cast(persons as bigint) as persons,
    cast(quarters as bigint) as quarters,
    cast(on_step as bigint) as on_step,
    cast(on_step as double) / cast(quarters as double) as on_step_share,
    cast({{ wilson_lower('on_step', 'quarters') }} as double) as on_step_lower,
    cast({{ wilson_upper('on_step', 'quarters') }} as double) as on_step_upper,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from counted
