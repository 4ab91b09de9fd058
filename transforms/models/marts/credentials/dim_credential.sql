-- One row per credential_id of the catalog, with its ladder and its depth on it.
with on_circles as (
    select distinct from_id as credential_id
    from {{ ref('int_credential_pairs__reached') }}
    where from_id = to_id
),

ladders as (
    select
        ladders.credential_id,
        ladders.ladder_id,
        max(ranked.stack_depth) over (partition by ladders.ladder_id) as ladder_depth
    from {{ ref('int_credential_ladders__joined') }} as ladders
    inner join {{ ref('int_credentials__ranked') }} as ranked on ladders.credential_id = ranked.credential_id
)

select
    definitions.credential_id,
    definitions.ctid,
    definitions.credential_name,
    definitions.ctdl_type,
    definitions.credential_type_code,
    definitions.credential_level,
    definitions.issuer_id,
    definitions.renewal_months,
    ladders.ladder_id,
    ranked.stack_depth,
    cast(ladders.ladder_depth as integer) as ladder_depth,
    on_circles.credential_id is not null as is_on_circle
from {{ ref('int_credential_definitions__current') }} as definitions
inner join {{ ref('int_credentials__ranked') }} as ranked on definitions.credential_id = ranked.credential_id
left join ladders on definitions.credential_id = ladders.credential_id
left join on_circles on definitions.credential_id = on_circles.credential_id
