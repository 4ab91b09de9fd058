-- One row per learner_key that ever enrolled: the first entry, its program, and the parent that enrolled the person.
with ranked as (
    select
        *,
        row_number() over (partition by learner_key order by entry_date, program_id) as place
    from {{ ref('int_participations__described') }}
)

select
    learner_key,
    participation_id,
    entry_quarter,
    program_id,
    parent_group_id
from ranked
where place = 1
