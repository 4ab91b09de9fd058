-- One row per topic × dimension × metric × group: its gap within programs that both groups are in, weighted by its people.
with by_program as (
    select
        topic,
        group_dim,
        metric_id,
        group_value,
        program_id,
        count(*) as n,
        {{ count_if('is_hit') }} as hits
    from {{ ref('int_groups__units') }}
    where is_hit is not null
    group by topic, group_dim, metric_id, group_value, program_id
)

select
    referred.topic,
    referred.group_dim,
    referred.metric_id,
    referred.group_value,
    sum(theirs.n) as matched_persons,
    {{ sum_of_fractions(
        "cast(theirs.n as double) * (
            cast(reference.hits as double) / cast(reference.n as double)
            - cast(theirs.hits as double) / cast(theirs.n as double)
        )"
    ) }} / cast(sum(theirs.n) as double) as matched_gap
from {{ ref('int_groups__referred') }} as referred
inner join by_program as theirs
    on referred.topic = theirs.topic
    and referred.group_dim = theirs.group_dim
    and referred.metric_id = theirs.metric_id
    and referred.group_value = theirs.group_value
inner join by_program as reference
    on referred.topic = reference.topic
    and referred.group_dim = reference.group_dim
    and referred.metric_id = reference.metric_id
    and referred.reference_value = reference.group_value
    and theirs.program_id = reference.program_id
group by referred.topic, referred.group_dim, referred.metric_id, referred.group_value
