-- One row per credential with a step: the ladder it is on, named by the first of the credentials that steps join.
with reach_0 as (
    select component_credential_id as from_id, credential_id as to_id from {{ ref('int_credential_steps__current') }}
    union
    select credential_id, component_credential_id from {{ ref('int_credential_steps__current') }}
    union
    select credential_id, credential_id from {{ ref('int_credential_steps__current') }}
){{ reach_rounds(5) }}

select from_id as credential_id, min(to_id) as ladder_id
from reach_5
group by from_id
