-- One row per member firm × period of an assessment: the register's version in force on the period's first day.
with periods as (
    select distinct period, first_date from {{ ref('int_funding_rules__in_force') }}
),

ranked as (
    select
        periods.period,
        periods.first_date,
        firms.*,
        row_number() over (
            partition by firms.firm_id, periods.period
            order by
                case when coalesce(firms.valid_from, {{ beginning_of_time() }}) <= periods.first_date then 0 else 1 end,
                case
                    when coalesce(firms.valid_from, {{ beginning_of_time() }}) <= periods.first_date
                        then coalesce(firms.valid_from, {{ beginning_of_time() }})
                end desc,
                firms.valid_from,
                firms.submission_id desc
        ) as recency
    from periods
    cross join {{ ref('stg_firm') }} as firms
)

select
    period,
    firm_id,
    size_class,
    coalesce(headcount, 0) as headcount,
    coalesce(payroll_usd, 0) as payroll_usd
from ranked
where
    recency = 1
    and coalesce(joined_date, {{ beginning_of_time() }}) <= first_date
    and coalesce(left_date, {{ end_of_time() }}) >= first_date
