-- One row per horizon × base quarter × learner_key × group (all, workforce area): the job, and what is known of it later.
{%- set groups = [('all', "'all'"), ('area', 'area_code')] %}
{% for dim, value in groups %}
select
    '{{ dim }}' as group_dim,
    {{ value }} as group_value,
    horizon,
    base_quarter,
    is_newest,
    last_quarter,
    parent_group_id,
    is_observed,
    is_same_employer
from {{ ref('int_jobs__after_horizon') }}
{{ 'union all' if not loop.last }}
{%- endfor %}
