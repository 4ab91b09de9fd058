-- One row per topic × dimension × metric × group: its outcome, and how it stands against the group it is held against.
select
    counted.*,
    referred.reference_value,
    tested.gap,
    tested.gap_lower,
    tested.gap_upper,
    coalesce(tested.ratio, referred.group_share / nullif(referred.reference_share, 0)) as ratio,
    tested.p_value,
    tested.q_value,
    matched.matched_gap,
    matched.matched_persons,
    -- Four fifths (29 CFR 1607.4(D)), an interval that excludes 0, and a false-discovery rate of at most 5 %: all three.
    -- A ratio that should be exactly four fifths may miss it by a last digit of floating point.
    coalesce(tested.ratio < 0.8 - 1e-9 and tested.gap_lower > 0 and tested.q_value <= 0.05, false) as is_flagged
from {{ ref('int_groups__counted') }} as counted
left join {{ ref('int_groups__referred') }} as referred
    on counted.topic = referred.topic
    and counted.group_dim = referred.group_dim
    and counted.metric_id = referred.metric_id
    and counted.group_value = referred.group_value
left join {{ ref('int_groups__tested') }} as tested
    on counted.topic = tested.topic
    and counted.group_dim = tested.group_dim
    and counted.metric_id = tested.metric_id
    and counted.group_value = tested.group_value
left join {{ ref('int_groups__matched') }} as matched
    on counted.topic = matched.topic
    and counted.group_dim = matched.group_dim
    and counted.metric_id = matched.metric_id
    and counted.group_value = matched.group_value
