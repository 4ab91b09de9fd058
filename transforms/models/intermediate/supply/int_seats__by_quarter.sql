-- One row per quarter × soc_code × county_fips × parent firm with seats opened in it or open on its last day.
select
    quarters.year_quarter,
    seats.soc_code,
    seats.county_fips,
    seats.parent_group_id,
    cast(sum(case when {{ quarter_of('seats.start_date') }} = quarters.year_quarter then seats.seats else 0 end) as bigint)
        as opened_seats,
    cast(sum(
        case when coalesce(seats.end_date, {{ end_of_time() }}) > quarters.last_date then seats.seats else 0 end
    ) as bigint) as open_seats
from {{ ref('int_seats__resolved') }} as seats
inner join {{ ref('int_demand_quarters__listed') }} as quarters
    on seats.start_date <= quarters.last_date
    and (
        {{ quarter_of('seats.start_date') }} = quarters.year_quarter
        or coalesce(seats.end_date, {{ end_of_time() }}) > quarters.last_date
    )
group by quarters.year_quarter, seats.soc_code, seats.county_fips, seats.parent_group_id
