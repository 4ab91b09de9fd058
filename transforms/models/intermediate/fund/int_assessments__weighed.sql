-- One row per rule × period × member firm: rate × basis × relief, with floor and cap, before the budget and before rounding.
with bases as (
    select
        rules.*,
        firms.firm_id,
        firms.size_class,
        firms.headcount,
        coalesce(
            booked.basis_usd,
            firms.payroll_usd * cast(case rules.assessed_every_code when 'YEAR' then 1 else 0.25 end as decimal(3, 2))
        ) as payroll_usd,
        coalesce(benefits.benefit_usd, 0) as benefit_usd,
        cast(case rules.assessed_every_code when 'YEAR' then 1 else 0.25 end as decimal(3, 2)) as part_of_year
    from {{ ref('int_funding_rules__in_force') }} as rules
    inner join {{ ref('int_firms__by_period') }} as firms on rules.period = firms.period
    left join {{ ref('int_assessments__booked') }} as booked
        on firms.firm_id = booked.firm_id and rules.period = booked.period
    left join {{ ref('int_benefits__before') }} as benefits
        on firms.firm_id = benefits.firm_id
        and rules.period = benefits.period
        and rules.assessed_every_code = benefits.assessed_every_code
),

relieved as (
    select
        *,
        cast(case size_class
            when '1' then coalesce(relief_size_1, 1)
            when '2' then coalesce(relief_size_2, 1)
            when '3' then coalesce(relief_size_3, 1)
            else 1
        end as decimal(7, 6)) as relief,
        cast(
            coalesce(payroll_rate, 0)
                * cast(greatest(payroll_usd - coalesce(payroll_exempt_usd, 0) * part_of_year, 0) as decimal(18, 2))
            + coalesce(per_head_usd, 0) * headcount
            + coalesce(benefit_rate, 0) * benefit_usd
            + coalesce(flat_usd, 0)
            as decimal(22, 8)
        ) as unrelieved_usd
    from bases
)

select
    rule_id,
    rule_version,
    period,
    firm_id,
    basis_code,
    size_class,
    headcount,
    cast(payroll_usd as decimal(18, 2)) as payroll_usd,
    cast(benefit_usd as decimal(18, 2)) as benefit_usd,
    relief,
    cast(unrelieved_usd * relief as decimal(24, 10)) as weight_usd,
    coalesce(floor_usd, cast(0 as decimal(18, 2))) as floor_usd,
    cap_usd,
    budget_usd
from relieved
