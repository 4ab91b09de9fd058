-- One row per component × credential that steps lead to from it, over at most 32 steps: each round doubles the reach, so a
-- circle ends after five rounds like everything else.
with reach_0 as (
    select distinct component_credential_id as from_id, credential_id as to_id
    from {{ ref('int_credential_steps__current') }}
){% for round in range(1, 6) %},

reach_{{ round }} as (
    select from_id, to_id from reach_{{ round - 1 }}
    union
    select earlier.from_id, later.to_id
    from reach_{{ round - 1 }} as earlier
    inner join reach_{{ round - 1 }} as later on earlier.to_id = later.from_id
){% endfor %}

select from_id, to_id from reach_5
