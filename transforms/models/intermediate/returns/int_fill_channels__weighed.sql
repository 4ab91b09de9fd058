-- One row per occupation × way its seats were filled: mean days waited, its variance, and the weight of the occupation.
with means as (
    select
        soc_code,
        channel,
        cast(sum(seats) as bigint) as seats,
        cast(sum(seats * waited_days) as double) / sum(seats) as mean_days
    from {{ ref('int_seats__by_channel') }}
    group by soc_code, channel
),

spread as (
    select
        lines.soc_code,
        lines.channel,
        {{ sum_of_fractions('power(lines.seats * (lines.waited_days - means.mean_days), 2)') }} / power(max(means.seats), 2) as variance
    from {{ ref('int_seats__by_channel') }} as lines
    inner join means on lines.soc_code = means.soc_code and lines.channel = means.channel
    group by lines.soc_code, lines.channel
)

select
    means.soc_code,
    means.channel,
    means.seats,
    means.mean_days,
    spread.variance,
    -- Occupations count as often as programs fill seats in them: the mix of seats makes no difference.
    cast(programs.seats as double) / sum(programs.seats) over (partition by means.channel) as weight
from means
inner join spread on means.soc_code = spread.soc_code and means.channel = spread.channel
inner join means as programs on means.soc_code = programs.soc_code and programs.channel = 'program'
