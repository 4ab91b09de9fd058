-- One row per way seats were filled (program, other), and one for days saved: other less program, within occupations. No effect.
with pooled as (
    select
        channel,
        cast(sum(seats) as bigint) as seats,
        {{ sum_of_fractions('weight * mean_days') }} as mean_days,
        {{ sum_of_fractions('power(weight, 2) * variance') }} as variance
    from {{ ref('int_fill_channels__weighed') }}
    group by channel
),

rows_of_both as (
    select channel, seats, mean_days, variance from pooled

    union all

    select
        'saved',
        cast(sum(seats) as bigint),
        sum(case when channel = 'program' then -mean_days else mean_days end),
        sum(variance)
    from pooled
    having count(*) = 2
),

span as (
    select
        min({{ quarter_of('start_date') }}) as first_quarter,
        max({{ quarter_of('start_date') }}) as last_quarter
    from {{ ref('int_seats__by_channel') }}
)

select
    rows_of_both.channel,
    span.first_quarter,
    span.last_quarter,
    rows_of_both.seats,
    rows_of_both.mean_days,
    rows_of_both.mean_days - {{ z95() }} * sqrt(rows_of_both.variance) as mean_lower,
    rows_of_both.mean_days + {{ z95() }} * sqrt(rows_of_both.variance) as mean_upper,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from rows_of_both
cross join span
