"""The funding rule of the sample region: what each firm is assessed, to the cent.

Exact fractions throughout: money is never a float. Who pays and who matches belongs in ``fund``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

RATE = Fraction(22, 10_000)
"""Share of the previous quarter's payroll."""

RELIEF: Mapping[int, Fraction] = {
    1: Fraction(4, 10),
    2: Fraction(5, 10),
    3: Fraction(8, 10),
    4: Fraction(1),
    5: Fraction(1),
}
"""What is left of the rate for each LEHD size class."""

FLOOR_OF_MEAN, CAP_OF_MEAN = Fraction(1, 5), Fraction(2)
"""Floor and cap when a year's version is set, against the mean of all firms before either applies."""


@dataclass(frozen=True)
class Bounds:
    """Least and most a firm is assessed for a quarter, in cents."""

    floor: int
    cap: int


def bounds(payroll_cents: Sequence[int], size_classes: Sequence[int]) -> Bounds:
    """Floor and cap of a version of the rule, by the payroll known when it is set."""
    wanted = _wanted(payroll_cents, size_classes)
    mean = sum(wanted, Fraction(0)) / len(wanted)
    return Bounds(int(FLOOR_OF_MEAN * mean), int(CAP_OF_MEAN * mean))


def assess(payroll_cents: Sequence[int], size_classes: Sequence[int], within: Bounds) -> list[int]:
    """Cents each firm is assessed: rate × payroll × relief within floor and cap, rounded to the cent.

    The rule without a budget: ``min(cap, max(floor, rate × basis × relief(size)))``. Parameters are invented.
    """
    wanted = _wanted(payroll_cents, size_classes)
    return round_to_sum([min(Fraction(within.cap), max(Fraction(within.floor), one)) for one in wanted])


def _wanted(payroll_cents: Sequence[int], size_classes: Sequence[int]) -> list[Fraction]:
    return [RATE * basis * RELIEF[size] for basis, size in zip(payroll_cents, size_classes, strict=True)]


def round_to_sum(amounts: Sequence[Fraction]) -> list[int]:
    """Whole numbers that sum to the rounded sum: largest remainders go up, the first of equals first."""
    whole = [math.floor(amount) for amount in amounts]
    missing = round(sum(amounts)) - sum(whole)
    by_remainder = sorted(range(len(amounts)), key=lambda place: whole[place] - amounts[place])
    for place in by_remainder[:missing]:
        whole[place] += 1
    return whole


def split(cents: int, shares: Sequence[int]) -> list[int]:
    """An amount in proportion to whole-numbered shares, to the cent."""
    return round_to_sum([Fraction(cents * share, sum(shares)) for share in shares])
