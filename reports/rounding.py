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
    "points": Decimal("0.1"),
    "rank": Decimal(1),
    "ratio": Decimal("0.01"),
    "sessions": Decimal("0.1"),
    "usd_per_hour": Decimal("0.20"),
}
"""Steps of units other than dollars of a quarter or a person: whole days and ranks, tenths of a point,
hundredths of a ratio; an hour's pay to what 100 USD of a quarter of 500 hours are."""


def rounder(unit: str, policy: Policy) -> Callable[[float], float]:
    """The rounding of medians and means in this unit; dollars by the policy, halves away from zero."""
    step = STEPS.get(unit, policy.round_money_to)
    return lambda value: round_money(value, step)
