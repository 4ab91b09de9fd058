-- One row per topic × metric × rate of a group held against another: the gap, its interval, and how surprising it is among all.
with compared as (
    select
        *,
        reference_share - group_share as gap,
        {{ newcombe_lower('reference', 'group') }} as gap_lower,
        {{ newcombe_upper('reference', 'group') }} as gap_upper,
        group_share / nullif(reference_share, 0) as ratio,
        abs(reference_share - group_share) / nullif(
            sqrt(pooled_share * (1 - pooled_share) * (1 / cast(group_n as double) + 1 / cast(reference_n as double))), 0
        ) as z
    from {{ ref('int_groups__referred') }}
    where unit = 'share'
),

tested as (
    select
        *,
        -- Two-sided test of two proportions; where nobody differs there is nothing to be surprised at.
        case when z is null then 1 else {{ erfc('z / sqrt(cast(2 as double))') }} end as p_value
    from compared
),

ranked as (
    select
        *,
        row_number() over (partition by topic, metric_id order by p_value, group_dim, group_value) as place,
        count(*) over (partition by topic, metric_id) as tests
    from tested
)

select
    topic,
    group_dim,
    metric_id,
    group_value,
    reference_value,
    gap,
    gap_lower,
    gap_upper,
    ratio,
    p_value,
    -- Benjamini and Hochberg: the smallest false-discovery rate at which the gap would be called one.
    min(p_value * cast(tests as double) / cast(place as double)) over (
        partition by topic, metric_id order by place desc
        rows between unbounded preceding and current row
    ) as q_value
from ranked
