"""How an average is rounded before it is published: by its unit, the last step before the page.

Counts and rates are rounded in ``intervals``; how many dollars or people a step has is the policy's.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from reports.disclosure.policy import Policy
from reports.intervals import round_money

STEPS = {
    "days": Decimal(1),
    "hours": Decimal(1),
    "points": Decimal("0.1"),
    "quarters": Decimal(1),
    "rank": Decimal(1),
    "ratio": Decimal("0.01"),
    "sessions": Decimal("0.1"),
}
"""Steps of units other than dollars: whole days and quarters, tenths of a point, hundredths of a ratio."""

HOURS_A_QUARTER = 500
"""An hour's pay is rounded to what the policy's step is of a full quarter's hours, about so many."""


def rounder(unit: str, policy: Policy) -> Callable[[float], float]:
    """The rounding of medians and means in this unit; dollars by the policy, halves away from zero."""
    money = policy.round_money_to / HOURS_A_QUARTER if unit == "usd_per_hour" else policy.round_money_to
    step = STEPS.get(unit, money)
    return lambda value: round_money(value, step)
