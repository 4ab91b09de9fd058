-- One row per horizon × base quarter × learner_key × group (all, SOC group, workforce area): the move, without where to.
{%- set groups = [('all', "'all'"), ('soc_group', 'soc_group'), ('area', 'area_code')] %}
{% for dim, value in groups %}
select
    '{{ dim }}' as group_dim,
    {{ value }} as group_value,
    horizon,
    base_quarter,
    is_newest,
    last_quarter,
    learner_key,
    parent_group_id,
    has_moved,
    is_upward,
    destination_wages_usd
from {{ ref('int_moves__resolved') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
