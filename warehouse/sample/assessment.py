"""The funding rule of the sample region: what each firm is assessed, to the cent.

Exact fractions throughout: money is never a float. Who pays and who matches belongs in ``fund``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
"""Floor and cap, against the mean of all firms before either applies."""


def assess(payroll_cents: Sequence[int], size_classes: Sequence[int]) -> list[int]:
    """Cents each firm is assessed: rate × payroll × relief within floor and cap, rounded to the cent.

    The rule without a budget: ``min(cap, max(floor, rate × basis × relief(size)))``. Parameters are invented.
    """
    wanted = [RATE * basis * RELIEF[size] for basis, size in zip(payroll_cents, size_classes, strict=True)]
    mean = sum(wanted, Fraction(0)) / len(wanted)
    return round_to_sum([min(CAP_OF_MEAN * mean, max(FLOOR_OF_MEAN * mean, amount)) for amount in wanted])


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
