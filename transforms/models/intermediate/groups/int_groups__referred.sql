-- One row per group that another is held against or that is held against another, beside the group it is held against.
with candidates as (
    select
        *,
        row_number() over (
            partition by topic, group_dim, metric_id
            order by
                case when group_value = fixed_reference then 0 else 1 end,
                value desc,
                denominator desc,
                group_value
        ) as place
    from {{ ref('int_groups__counted') }}
    -- Who did not answer is no group, and nobody is held against them.
    where group_value <> 'undisclosed_or_small'
),

-- The group named in advance, else the one with the highest value; where the named one is too small there is none.
referees as (
    select *
    from candidates
    where place = 1 and (fixed_reference is null or group_value = fixed_reference)
)

select
    candidates.topic,
    candidates.group_dim,
    candidates.metric_id,
    candidates.group_value,
    candidates.unit,
    referees.group_value as reference_value,
    candidates.value as group_share,
    candidates.value_lower as group_lower,
    candidates.value_upper as group_upper,
    candidates.denominator as group_n,
    referees.value as reference_share,
    referees.value_lower as reference_lower,
    referees.value_upper as reference_upper,
    referees.denominator as reference_n,
    cast(candidates.numerator + referees.numerator as double)
    / cast(candidates.denominator + referees.denominator as double) as pooled_share
from candidates
inner join referees
    on candidates.topic = referees.topic
    and candidates.group_dim = referees.group_dim
    and candidates.metric_id = referees.metric_id
    and candidates.group_value <> referees.group_value
