-- One row per rule × period × member firm: what it is assessed, to the cent; the cents foot to the sum before rounding.
with limited as (
    select
        weighed.*,
        factored.factor,
        factored.is_feasible,
        cast(
            greatest(
                weighed.floor_usd,
                least(
                    coalesce(weighed.cap_usd, cast(999999999999.99 as decimal(18, 2))),
                    cast(cast(weighed.weight_usd as decimal(20, 8)) * factored.factor as decimal(26, 12))
                )
            ) as decimal(26, 12)
        ) as exact_usd
    from {{ ref('int_assessments__weighed') }} as weighed
    inner join {{ ref('int_assessments__factored') }} as factored
        on weighed.rule_id = factored.rule_id and weighed.period = factored.period
),

divided as (
    select
        *,
        exact_usd * cast(100 as decimal(3, 0)) as exact_cents,
        cast(floor(exact_usd * cast(100 as decimal(3, 0))) as bigint) as whole_cents
    from limited
),

ranked as (
    select
        *,
        row_number() over (
            partition by rule_id, period order by exact_cents - whole_cents desc, firm_id
        ) as remainder_rank,
        coalesce(
            cast(budget_usd * 100 as bigint),
            cast(floor(sum(exact_cents) over (partition by rule_id, period) + 0.5) as bigint)
        ) - sum(whole_cents) over (partition by rule_id, period) as missing_cents
    from divided
)

select
    rule_id,
    rule_version,
    period,
    firm_id,
    basis_code,
    size_class,
    headcount,
    payroll_usd,
    benefit_usd,
    relief,
    floor_usd,
    cap_usd,
    budget_usd,
    factor,
    is_feasible,
    exact_usd <= floor_usd and floor_usd > 0 as is_at_floor,
    coalesce(exact_usd >= cap_usd, false) as is_at_cap,
    case
        when is_feasible
            then {{ dollars_of('whole_cents + case when remainder_rank <= missing_cents then 1 else 0 end') }}
    end as assessed_usd
from ranked
