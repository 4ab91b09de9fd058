-- One row per occupation or place in the value chain: fill time × vacancy rate × criticality, and the rank by it.
with jobs as (
    select
        group_dim,
        group_value,
        cast(sum(job_quarters) as bigint) as job_quarters,
        cast(sum(open_seat_quarters) as bigint) as open_seat_quarters
    from {{ ref('int_jobs__grouped') }}
    group by group_dim, group_value
),

waits as (
    select
        group_dim,
        group_value,
        min(case when filled_share >= 0.5 - 1e-9 then waited_days end) as median_days
    from {{ ref('int_seats__by_day') }}
    group by group_dim, group_value
),

lines as (
    select
        group_dim,
        group_value,
        max(waited_days) as longest_days,
        cast(sum(seats) as bigint) as seats,
        cast(sum(case when is_critical_role then seats else 0 end) as bigint) as critical_seats
    from {{ ref('int_seats__grouped') }}
    where group_dim in ('occupation', 'tier')
    group by group_dim, group_value
),

factors as (
    select
        jobs.*,
        -- Where half are not filled yet, the longest wait so far: a lower bound, and said to be one.
        cast(coalesce(waits.median_days, lines.longest_days) as bigint) as fill_days,
        waits.median_days is null as is_fill_days_lower_bound,
        cast(jobs.open_seat_quarters as double) / nullif(cast(jobs.job_quarters + jobs.open_seat_quarters as double), 0) as vacancy_rate,
        1 + cast(lines.critical_seats as double) / cast(lines.seats as double) as criticality
    from jobs
    inner join lines on jobs.group_dim = lines.group_dim and jobs.group_value = lines.group_value
    left join waits on jobs.group_dim = waits.group_dim and jobs.group_value = waits.group_value
),

scored as (
    select
        *,
        fill_days * vacancy_rate * criticality as bottleneck_score
    from factors
)

select
    group_dim,
    group_value,
    (
        select min(year_quarter)
        from {{ ref('int_demand_quarters__listed') }}
        where quarter_index > (select max(quarter_index) - 4 from {{ ref('int_demand_quarters__listed') }})
    ) as first_quarter,
    (select max(year_quarter) from {{ ref('int_demand_quarters__listed') }}) as last_quarter,
    job_quarters,
    open_seat_quarters,
    fill_days,
    is_fill_days_lower_bound,
    vacancy_rate,
    criticality,
    bottleneck_score,
    cast(rank() over (partition by group_dim order by bottleneck_score desc) as bigint) as bottleneck_rank,
    '{{ var("rule_version") }}' as rule_version,
    {{ as_of() }} as as_of
from scored
