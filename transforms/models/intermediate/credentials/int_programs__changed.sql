-- One row per learner_key × program left × program entered afterwards.
select distinct
    earlier.learner_key,
    earlier.program_id as from_program_id,
    later.program_id as to_program_id
from {{ ref('int_participations__described') }} as earlier
inner join {{ ref('int_participations__described') }} as later
    on earlier.learner_key = later.learner_key
    and earlier.program_id <> later.program_id
    and earlier.exit_date <= later.entry_date
