-- One row per apprenticeship step (and all) × parent firm: whose apprentices they are, and what they were paid.
with steps as (
    select 'all' as step, paid.* from {{ ref('int_steps__paid') }} as paid
    union all
    select cast(apprenticeship_step as varchar), paid.* from {{ ref('int_steps__paid') }} as paid
)

select
    step,
    parent_group_id,
    cast(count(*) as bigint) as persons,
    {{ count_if('is_on_step') }} as numerator_persons,
    {{ sum_usd('wages_usd') }} as amount_usd
from steps
group by step, parent_group_id
