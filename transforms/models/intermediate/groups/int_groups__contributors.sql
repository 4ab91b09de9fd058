-- One row per topic × dimension × metric × group × parent firm: the people and the wage dollars it brings.
with brought as (
    select
        topic, group_dim, group_value, metric_id, parent_group_id,
        1 as persons,
        case when is_hit then 1 else 0 end as numerator_persons,
        cast(0 as decimal(18, 2)) as amount_usd
    from {{ ref('int_groups__units') }}

    union all

    select
        units.topic, units.group_dim, units.group_value, units.metric_id, wages.parent_group_id,
        0, 0, wages.amount_usd
    from {{ ref('int_groups__units') }} as units
    inner join {{ ref('int_outcomes__wages_behind') }} as wages
        on units.metric_id = wages.metric_id and units.participation_id = wages.participation_id
)

select
    brought.topic,
    brought.group_dim,
    brought.group_value,
    brought.metric_id,
    brought.parent_group_id,
    cast(sum(brought.persons) as bigint) as persons,
    cast(sum(brought.numerator_persons) as bigint) as numerator_persons,
    {{ sum_usd('brought.amount_usd') }} as amount_usd
from brought
inner join {{ ref('int_groups__counted') }} as counted
    on brought.topic = counted.topic
    and brought.group_dim = counted.group_dim
    and brought.group_value = counted.group_value
    and brought.metric_id = counted.metric_id
group by
    brought.topic,
    brought.group_dim,
    brought.group_value,
    brought.metric_id,
    brought.parent_group_id
