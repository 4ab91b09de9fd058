-- One row per component × credential that steps lead to from it, over at most 32 steps.
with reach_0 as (
    select distinct component_credential_id as from_id, credential_id as to_id
    from {{ ref('int_credential_steps__current') }}
){{ reach_rounds(5) }}

select from_id, to_id from reach_5
