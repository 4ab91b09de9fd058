-- One row per credential with a step: the ladder it is on, named by the first of the credentials that steps join.
with reach_0 as (
    select component_credential_id as from_id, credential_id as to_id from {{ ref('int_credential_steps__current') }}
    union
    select credential_id, component_credential_id from {{ ref('int_credential_steps__current') }}
    union
    select credential_id, credential_id from {{ ref('int_credential_steps__current') }}
){% for round in range(1, 6) %},

reach_{{ round }} as (
    select from_id, to_id from reach_{{ round - 1 }}
    union
    select earlier.from_id, later.to_id
    from reach_{{ round - 1 }} as earlier
    inner join reach_{{ round - 1 }} as later on earlier.to_id = later.from_id
){% endfor %}

select from_id as credential_id, min(to_id) as ladder_id
from reach_5
group by from_id
