-- One row per finding code × credential: what is wrong with the catalog, and what to do about it.
select
    'CAT-201' as finding_code,
    from_id as credential_id,
    'the steps up from this credential come back to it' as finding,
    'Take one step of the circle out of credential_component; until then none of its steps makes a ladder.' as remedy
from {{ ref('int_credential_pairs__reached') }}
where from_id = to_id
union all
select
    'CAT-202',
    credential_id,
    'this credential stands on a ladder deeper than is counted',
    'Check its steps; a ladder of {{ var("deepest_ladder") }} steps is counted to the end, a deeper one is not.'
from {{ ref('int_credentials__ranked') }}
where stack_depth = {{ var('deepest_ladder') }}
union all
select
    'CAT-203',
    ends.credential_id,
    'a step leads to or from this credential, which the catalog does not hold today',
    'Add the credential to credential_definition, or end the step with valid_to.'
from (
    select credential_id from {{ ref('int_credential_steps__current') }}
    union
    select component_credential_id from {{ ref('int_credential_steps__current') }}
) as ends
left join {{ ref('int_credential_definitions__current') }} as definitions on ends.credential_id = definitions.credential_id
where definitions.credential_id is null
