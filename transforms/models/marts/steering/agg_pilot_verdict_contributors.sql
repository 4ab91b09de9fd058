-- One row per pilot × parent firm with people in its criterion. Build zone only.
with brought as (
    select
        cohort_id,
        parent_group_id,
        1 as persons,
        case when is_hit then 1 else 0 end as numerator_persons,
        cast(0 as decimal(18, 2)) as amount_usd
    from {{ ref('int_pilots__units') }}

    union all

    select units.cohort_id, wages.parent_group_id, 0, 0, wages.amount_usd
    from {{ ref('int_pilots__units') }} as units
    inner join {{ ref('int_outcomes__wages_behind') }} as wages
        on units.metric_id = wages.metric_id and units.participation_id = wages.participation_id
)

select
    cohort_id,
    parent_group_id,
    cast(sum(persons) as bigint) as persons,
    cast(sum(numerator_persons) as bigint) as numerator_persons,
    {{ sum_usd('amount_usd') }} as amount_usd
from brought
group by cohort_id, parent_group_id
