-- The people that parents bring to a group add up to its denominator, and their hits to its numerator; so do gap and shares.
{%- set marts = ['equity_outcomes', 'support_outcomes', 'incentive_outcomes', 'mentoring_outcomes', 'delivery_outcomes'] %}
{% for mart in marts %}
select cells.group_dim, cells.group_value, cells.metric_id
from {{ ref('agg_' ~ mart) }} as cells
left join (
    select group_dim, group_value, metric_id, sum(persons) as persons, sum(numerator_persons) as numerator_persons
    from {{ ref('agg_' ~ mart ~ '_contributors') }}
    group by group_dim, group_value, metric_id
) as brought
    on cells.group_dim = brought.group_dim
    and cells.group_value = brought.group_value
    and cells.metric_id = brought.metric_id
where cells.denominator <> coalesce(brought.persons, 0)
    or (cells.numerator is not null and cells.numerator <> coalesce(brought.numerator_persons, 0))
    or cells.gap not between cells.gap_lower and cells.gap_upper
{% if not loop.last %}
union all
{% endif %}
{% endfor %}
