"""What a return is reckoned from: effect, costs and pay as they are published, for all programs or one.

Only rounded figures go in, so a return can be worked out again from the tables of a release and tells nothing
that they do not. Reckoning is ``impact.returns``'; what is shown of it, ``return_tables``'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.columns import require
from reports.disclosure.policy import Policy
from reports.fund_tables import COSTS
from reports.impact.assumptions import AssumptionSet
from reports.impact.estimates import ALL, EFFECTS, KEYS, PROGRAM_EFFECTS
from reports.impact.returns import Costs, Gain
from reports.intervals import round_count
from reports.outcome_tables import OUTCOMES
from reports.rounding import rounder
from reports.systems.table import Marts

TRAINING_COSTS = "agg_training_costs"
EARNINGS = "effect_earnings"
PAY = "median_earnings_q2"
FIRMS, GIFTS, FOUNDATIONS, STIPEND = "EMPLOYER", "IN_KIND", "PHILANTHROPY", "STIPEND"
"""Sources and the category of cost that decide who bears it; every other source is public."""


@dataclass(frozen=True)
class Inputs:
    """What the return of one group of participants is reckoned from.

    ``program``: its code, or ``ALL``. ``gain`` and ``costs`` are None where there is no careful effect, or no
    cost, pay or hours. ``cohort``: the first and newest quarter of the effect.
    """

    program: str
    persons: Any
    cohort: tuple[Any, Any]
    gain: Gain | None
    costs: Costs | None


def inputs_of_all(marts: Marts, assumed: AssumptionSet, policy: Policy) -> Inputs | None:
    """For all programs together; None where no effect on earnings was looked for."""
    rows = _of_effect(require(marts, EFFECTS, (*KEYS, "value")), ALL)
    return None if rows.empty else _inputs(rows, ALL, marts, assumed, policy)


def inputs_by_program(marts: Marts, assumed: AssumptionSet, policy: Policy) -> list[Inputs]:
    """One for each program whose effect on earnings was looked for, in order."""
    effects = require(marts, PROGRAM_EFFECTS, (*KEYS, "value"))
    programs = sorted({str(one) for one in effects.loc[effects["metric_id"] == EARNINGS, "program_id"]})
    return [_inputs(_of_effect(effects, one), one, marts, assumed, policy) for one in programs]


def _of_effect(effects: pd.DataFrame, program: str) -> pd.DataFrame:
    chosen = (effects["metric_id"] == EARNINGS) & (effects["program_id"] == program)
    return effects[chosen & effects["interval"].isin(["default", "careful"])]


def _inputs(rows: pd.DataFrame, program: str, marts: Marts, assumed: AssumptionSet, policy: Policy) -> Inputs:
    first = rows.iloc[0]
    return Inputs(
        program=program,
        persons=rows["persons"].max(),
        cohort=(first["first_quarter"], first["last_quarter"]),
        gain=_gain(rows, policy),
        costs=_costs(marts, program, assumed, policy),
    )


def _gain(rows: pd.DataFrame, policy: Policy) -> Gain | None:
    """The careful estimate with the interval that holds both, widened by what rounding may have moved."""
    needed = ["value", "value_lower", "value_upper", "attrition_participants"]
    known = rows.dropna(subset=needed).set_index("interval")[needed].astype("float64")
    if not {"default", "careful"} <= set(known.index):
        return None
    rounded, half = rounder("usd_per_quarter", policy), float(policy.round_money_to) / 2
    return Gain(
        value=rounded(float(known["value"]["careful"])),
        lower=rounded(float(known["value_lower"].min())) - half,
        upper=rounded(float(known["value_upper"].max())) + half,
        seen_share=1 - round(float(known["attrition_participants"].iloc[0]), 2),
    )


def _costs(marts: Marts, program: str, assumed: AssumptionSet, policy: Policy) -> Costs | None:
    """A program's: those of all, in proportion to what the fund paid out for it per participant."""
    served, pay = _served(marts, policy), _median_pay(marts, program, policy)
    hours = _class_hours(marts, program, served)
    spent = _spent(marts)
    if not served.get(ALL) or not spent or pay is None or hours is None:
        return None
    ratio = 1.0 if program == ALL else _relative_cost(marts, program, served, policy)
    each = {name: usd * ratio / served[ALL] for name, usd in spent.items()}
    return Costs(**each, class_hours=hours, hourly_pay=pay / assumed.fixed("hours_a_quarter"))


def _spent(marts: Marts) -> dict[str, float]:
    """Whole dollars of the base quarter by who bore them; stipends are counted in it twice, as the fund's
    outlay and as the workers' gain.
    """
    rows = require(marts, TRAINING_COSTS, ("funding_source", "category_code", "used_usd_real", "maturity"))
    rows = rows[rows["maturity"] == "MATURE"]
    if rows.empty:
        return {}
    dollars = rows["used_usd_real"].astype("float64").round()
    source = rows["funding_source"]
    is_own = source.isin([FIRMS, GIFTS, FOUNDATIONS])
    is_paid_to_workers = (rows["category_code"] == STIPEND) & (source != GIFTS)
    return {
        "firms": float(dollars[source == FIRMS].sum()),
        "public": float(dollars[~is_own].sum()),
        "foundations": float(dollars[source == FOUNDATIONS].sum()),
        "stipends": float(dollars[is_paid_to_workers].sum()),
        "in_kind": float(dollars[source == GIFTS].sum()),
    }


def _served(marts: Marts, policy: Policy) -> dict[str, int]:
    """Rounded people served, of all programs and of each."""
    counts = _participants(marts)["count"]
    return {str(name): round_count(int(count), policy.round_counts_to) for name, count in counts.items()}


def _participants(marts: Marts) -> pd.DataFrame:
    """Mature costs of participants, by program or ``ALL``."""
    rows = require(marts, COSTS, ("unit", "breakdown", "program_id", "count", "cost_usd", "maturity"))
    rows = rows[(rows["unit"] == "participant") & (rows["maturity"] == "MATURE")].dropna(subset=["count"])
    return rows.set_index(rows["program_id"].where(rows["breakdown"] == "program", ALL).astype("str"))


def _relative_cost(marts: Marts, program: str, served: Mapping[str, int], policy: Policy) -> float:
    """What the fund paid out for a participant of the program, over that of all programs: as published."""
    spent = _participants(marts)["cost_usd"].astype("float64")
    rounded = rounder("usd_per_person", policy)
    each = {name: rounded(spent[name] / served[name]) for name in (program, ALL) if served.get(name)}
    return each[program] / each[ALL] if program in each and each.get(ALL) else 1.0


def _median_pay(marts: Marts, program: str, policy: Policy) -> float | None:
    """The published median of pay in the second quarter after exit; that of all where a program has none."""
    rows = require(marts, OUTCOMES, ("metric_id", "breakdown", "member", "value_fuzzy", "maturity"))
    known = rows[(rows["metric_id"] == PAY) & (rows["maturity"] == "MATURE")].dropna(subset=["value_fuzzy"])
    own = known[(known["breakdown"] == "program") & (known["member"] == program)]
    chosen = own if len(own) else known[known["breakdown"] == "consortium"]
    if chosen.empty:
        return None
    return rounder("usd_per_quarter", policy)(float(chosen["value_fuzzy"].iloc[0]))


def _class_hours(marts: Marts, program: str, served: Mapping[str, int]) -> float | None:
    """Registered hours of a program; of all, their mean over people served. Programs that name none are left
    out.
    """
    rows = require(marts, "dim_program", ("program_id", "clock_hours")).dropna(subset=["clock_hours"])
    hours = {str(name): float(n) for name, n in zip(rows["program_id"], rows["clock_hours"], strict=True)}
    if program != ALL:
        return hours.get(program)
    weights = {name: served[name] for name in hours if served.get(name)}
    total = sum(weights.values())
    return sum(hours[name] * weight for name, weight in weights.items()) / total if total else None
