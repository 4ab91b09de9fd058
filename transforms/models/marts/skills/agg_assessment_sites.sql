-- One row per competency × site of assessments after training: its mean level, and the difference from all other sites.
with ratings as (
    select competency_id, site_id, level
    from {{ ref('int_assessments__rated') }}
    where occasion_code = 'POST' and site_id is not null
),

sites as (
    select
        competency_id,
        site_id,
        cast(count(*) as double) as n,
        sum(level) as total,
        sum(level * level) as squares
    from ratings
    group by competency_id, site_id
),

beside as (
    select
        *,
        sum(n) over (partition by competency_id) - n as other_n,
        sum(total) over (partition by competency_id) - total as other_total,
        sum(squares) over (partition by competency_id) - squares as other_squares
    from sites
),

spread as (
    select
        *,
        total / n as mean_level,
        other_total / nullif(other_n, 0) as other_mean,
        (squares - total * total / n) / nullif(n - 1, 0) / n as own_error,
        (other_squares - other_total * other_total / nullif(other_n, 0)) / nullif(other_n - 1, 0) / nullif(other_n, 0)
            as other_error
    from beside
)

select
    competency_id,
    site_id,
    cast(n as bigint) as ratings,
    round(mean_level, 9) as mean_level,
    round(mean_level - other_mean, 9) as difference,
    round(mean_level - other_mean - {{ z95() }} * sqrt(own_error + other_error), 6) as difference_lower,
    round(mean_level - other_mean + {{ z95() }} * sqrt(own_error + other_error), 6) as difference_upper,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from spread
