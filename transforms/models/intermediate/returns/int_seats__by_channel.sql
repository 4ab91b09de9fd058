-- One row per requisition line filled through a program of the consortium or otherwise, in occupations in which both occur.
with filled as (
    select
        *,
        case when fill_channel = 'CONSORTIUM_PROGRAM' then 'program' else 'other' end as channel
    from {{ ref('int_seats__resolved') }}
    where outcome = 'FILLED' and fill_channel is not null
),

both_ways as (
    select soc_code
    from filled
    group by soc_code
    having count(distinct channel) = 2
)

select
    filled.line_id,
    filled.parent_group_id,
    filled.soc_code,
    filled.channel,
    filled.start_date,
    filled.seats,
    filled.waited_days
from filled
inner join both_ways on filled.soc_code = both_ways.soc_code
