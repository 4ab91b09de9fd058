-- One row per learner_key that ever enrolled × topic × dimension: the group at the first entry. Person-level: never leaves the build zone.
select
    entries.learner_key,
    grouped.topic,
    grouped.group_dim,
    grouped.group_value,
    grouped.reference_value
from {{ ref('int_effects__entries') }} as entries
inner join {{ ref('int_people__grouped') }} as grouped on entries.participation_id = grouped.participation_id
