-- One row per credential_id of the catalog: its depth, the longest way of steps up to it, counted to {{ var('deepest_ladder') }}.
{% set deepest = var('deepest_ladder') -%}
with level_1 as (
    select distinct credential_id from {{ ref('int_credential_steps__acyclic') }}
){% for level in range(2, deepest + 1) %},

level_{{ level }} as (
    select distinct steps.credential_id
    from {{ ref('int_credential_steps__acyclic') }} as steps
    inner join level_{{ level - 1 }} as below on steps.component_credential_id = below.credential_id
){% endfor %},

depths as (
    {%- for level in range(1, deepest + 1) %}
    select credential_id, {{ level }} as depth from level_{{ level }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)

select
    definitions.credential_id,
    cast(coalesce(max(depths.depth), 0) as integer) as stack_depth
from {{ ref('int_credential_definitions__current') }} as definitions
left join depths on definitions.credential_id = depths.credential_id
group by definitions.credential_id
