"""What a return rests on beside what was measured: named shares and rates with ranges, units and sources, as
one versioned set.

The numbers stand in ``transforms/seeds/return_assumptions.csv`` and are published with every release. What is
reckoned with them belongs in ``returns``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from contracts.errors import DisclosureError
from reports.impact.panel import Floats

Number = Floats | float

CHOSEN = ("discount_rate", "fade_rate", "horizon_quarters")
"""Choices, not unknowns: each is held at its central value, and its ends are shown as other scenarios."""

FIXED = ("equipment_life_years", "hours_a_quarter")
"""Used where costs are gathered, before anything is drawn."""

DRAWN = (
    *("fringe_share", "worker_payroll_tax", "firm_payroll_tax", "income_tax", "benefits_lost"),
    *("output_per_pay", "excess_burden", "paid_time_share", "backfill_premium", "lost_pay_share"),
)
"""Unknowns: their ranges are part of every interval."""

SAVINGS = ("turnover_cost", "vacancy_day", "ramp_gap")
"""Values of the savings that are described only, and enter no ledger."""


@dataclass(frozen=True)
class Assumption:
    """One number that is assumed: its range, its unit, and where it comes from."""

    low: float
    central: float
    high: float
    unit: str
    source: str

    def at(self, uniform: Floats) -> Floats:
        """The values of a triangular distribution over the range at these probabilities."""
        width, rise, fall = self.high - self.low, self.central - self.low, self.high - self.central
        if width == 0:
            return np.full(uniform.shape, self.central)
        below: Floats = self.low + np.sqrt(uniform * width * rise)
        above = self.high - np.sqrt((1 - uniform) * width * fall)
        return np.where(uniform <= rise / width, below, above)


@dataclass(frozen=True)
class Values:
    """One value for each assumption, or an array of as many draws for those that are drawn.

    Rates are shares a year; ``horizon_quarters`` counts from entry; all else are shares of what the seed's
    ``unit`` says.
    """

    discount_rate: Number
    fade_rate: Number
    horizon_quarters: int
    fringe_share: Number
    worker_payroll_tax: Number
    firm_payroll_tax: Number
    income_tax: Number
    benefits_lost: Number
    output_per_pay: Number
    excess_burden: Number
    paid_time_share: Number
    backfill_premium: Number
    lost_pay_share: Number

    @property
    def side_costs(self) -> Number:
        """What a dollar of pay costs a firm, the dollar included."""
        return 1 + self.fringe_share + self.firm_payroll_tax


@dataclass(frozen=True)
class AssumptionSet:
    """Every assumption by name, under one version."""

    version: str
    items: Mapping[str, Assumption]

    @property
    def central(self) -> Values:
        """Everything at its central value."""
        numbers = {name: self.items[name].central for name in (*CHOSEN, *DRAWN)}
        return replace(Values(**numbers), horizon_quarters=round(numbers["horizon_quarters"]))  # type: ignore[arg-type]

    def drawn(self, uniform: Floats, leading: int) -> Values:
        """Draws × one column for each of DRAWN; before them ``leading`` entries at the central values."""
        drawn = {
            name: np.concatenate([np.full(leading, self.items[name].central), self.items[name].at(column)])
            for name, column in zip(DRAWN, uniform.T, strict=True)
        }
        return replace(self.central, **drawn)  # type: ignore[arg-type]

    def fixed(self, name: str) -> float:
        """The central value of an assumption that is not drawn."""
        return self.items[name].central


_COLUMNS = ("assumption_id", "assumption_set", "low", "central", "high", "unit", "source")


def assumptions_of(rows: pd.DataFrame) -> AssumptionSet:
    """The set in the rows of the seed ``return_assumptions``.

    DisclosureError DIS-012 when one is missing, when several versions are mixed, or a range is out of order.
    """
    items = {
        str(row["assumption_id"]): Assumption(
            float(row["low"]), float(row["central"]), float(row["high"]), str(row["unit"]), str(row["source"])
        )
        for row in rows[list(_COLUMNS)].to_dict("records")
    }
    missing = [name for name in (*CHOSEN, *FIXED, *DRAWN, *SAVINGS) if name not in items]
    versions = sorted({str(one) for one in rows["assumption_set"]})
    unordered = [name for name, one in items.items() if not one.low <= one.central <= one.high]
    if missing or unordered or len(versions) != 1:
        raise DisclosureError(
            "DIS-012",
            found=f"missing {missing}, out of order {unordered}, versions {versions}",
            expected="every assumption once, low ≤ central ≤ high, under one version",
            where="return_assumptions",
            remedy="Correct the seed; give a changed set a new version.",
        )
    return AssumptionSet(versions[0], items)
