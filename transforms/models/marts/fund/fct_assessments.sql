-- One row per funding rule × period × member firm: what the rule asks of it, to the cent. Build zone only.
select
    rule_id,
    rule_version as funding_rule_version,
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
    factor,
    is_feasible,
    is_at_floor,
    is_at_cap,
    assessed_usd
from {{ ref('int_assessments__charged') }}
