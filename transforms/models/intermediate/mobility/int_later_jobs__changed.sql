-- One row per horizon × base quarter × learner_key × kind of job (all, same employer, another): a change of pay that is known.
{%- set kinds = [('all', 'true'), ('same', 'is_same_employer'), ('another', 'not is_same_employer')] %}
{% for employer, holds in kinds %}
select
    '{{ employer }}' as employer,
    horizon,
    base_quarter,
    is_newest,
    last_quarter,
    parent_group_id,
    later_wages_usd,
    real_change_usd,
    base_price_period
from {{ ref('int_jobs__after_horizon') }}
where is_observed and real_change_usd is not null and {{ holds }}
{{ 'union all' if not loop.last }}
{%- endfor %}
