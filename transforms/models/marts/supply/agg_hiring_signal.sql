-- One row per occupation × county (and all counties): seats that members expect, shrunk where few of them report.
with newest as (
    select *
    from {{ ref('int_intent__pooled') }}
    where stated_quarter = (select max(stated_quarter) from {{ ref('int_intent__pooled') }})
),

placed as (
    select soc_code, county_fips, parent_group_id, seats_expected, seats_uncovered, stated_quarter from newest
    union all
    select soc_code, 'all', parent_group_id, seats_expected, seats_uncovered, stated_quarter from newest
),

cells as (
    select
        soc_code,
        county_fips,
        stated_quarter,
        cast(count(distinct parent_group_id) as bigint) as firms,
        cast(sum(seats_expected) as bigint) as seats_expected,
        cast(sum(seats_uncovered) as bigint) as seats_uncovered
    from placed
    group by soc_code, county_fips, stated_quarter
),

-- A county is drawn toward its occupation, an occupation toward all of them.
around as (
    select
        cells.*,
        least(cells.firms, {{ var('shrink_below_firms') }}) as own_weight,
        case when cells.county_fips = 'all' then everything.firms else occupation.firms end as wider_firms,
        case when cells.county_fips = 'all' then everything.seats else occupation.seats_expected end as wider_seats
    from cells
    inner join cells as occupation on cells.soc_code = occupation.soc_code and occupation.county_fips = 'all'
    cross join (
        select cast(sum(firms) as bigint) as firms, cast(sum(seats_expected) as bigint) as seats
        from cells
        where county_fips = 'all'
    ) as everything
)

select
    soc_code,
    county_fips,
    stated_quarter,
    firms,
    seats_expected,
    seats_uncovered,
    firms < {{ var('shrink_below_firms') }} as is_shrunk,
    cast(own_weight as double) / {{ var('shrink_below_firms') }} as own_weight,
    -- firms × (w × own mean per firm + (1 − w) × wider mean per firm), w = firms / 5 below five firms, else 1.
    cast(own_weight as double) / {{ var('shrink_below_firms') }} * cast(seats_expected as double)
        + (1 - cast(own_weight as double) / {{ var('shrink_below_firms') }})
            * cast(firms as double) * cast(wider_seats as double) / cast(wider_firms as double) as seats_shrunk,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from around
