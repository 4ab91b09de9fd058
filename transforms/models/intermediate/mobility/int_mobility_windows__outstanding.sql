-- One row per horizon × base quarter with a wage extract of its window still owed by a firm that paid somebody in it.
with employers as (
    select distinct year_quarter, firm_id from {{ ref('int_wages__by_person_firm_quarter') }}
),

needed as (
    select windows.horizon, windows.base_quarter, employers.firm_id, quarters.year_quarter, quarters.last_date
    from {{ ref('int_mobility_windows__listed') }} as windows
    inner join employers on windows.base_quarter = employers.year_quarter
    inner join {{ ref('int_quarters__priced') }} as quarters
        on quarters.quarter_index > windows.base_index and quarters.quarter_index <= windows.last_index
)

select
    needed.horizon,
    needed.base_quarter,
    cast(count(*) as bigint) as extracts_owed
from needed
left join {{ ref('int_firms__current') }} as firms on needed.firm_id = firms.firm_id
left join {{ ref('int_submissions__delivered') }} as delivered
    on delivered.contract = 'wage'
    and needed.firm_id = delivered.firm_id
    and needed.year_quarter = delivered.year_quarter
where delivered.firm_id is null
    and coalesce(firms.joined_date, cast('0001-01-01' as date)) <= needed.last_date
    and coalesce(firms.left_date, {{ end_of_time() }}) >= needed.last_date
group by needed.horizon, needed.base_quarter
