"""Intervals and rounding of published numbers: rounding is the last step, intervals come from rounded counts.

Rule P5: a published rate, its interval and any difference are computed from the rounded numerator and
denominator; money is rounded. Which cells may be published does not belong here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Z95 = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""

SHARE_DECIMALS = 4


@dataclass(frozen=True)
class Interval:
    """A 95 % interval, both ends in the unit of the value."""

    lower: float
    upper: float

    def overlaps(self, other: Interval) -> bool:
        """Whether the two intervals have a point in common."""
        return self.lower <= other.upper and other.lower <= self.upper


def round_count(count: int, step: int) -> int:
    """``count`` to the nearest multiple of ``step``, halves up."""
    return (2 * count + step) // (2 * step) * step


def round_money(amount: Decimal | float, step: Decimal) -> float:
    """``amount`` in dollars to the nearest multiple of ``step``, halves away from zero."""
    steps = (Decimal(str(amount)) / step).quantize(Decimal(1), ROUND_HALF_UP)
    return float(steps * step)


def round_share(share: float) -> float:
    """A share to four decimals, one more than the page shows."""
    return round(share, SHARE_DECIMALS)


def wilson(numerator: int, denominator: int) -> Interval:
    """Wilson's score interval for a rate, 95 %.

    ``denominator`` ≥ 1. Source: Wilson (1927), Journal of the American Statistical Association 22; without
    continuity correction, as in Brown, Cai and DasGupta (2001), Statistical Science 16.
    """
    share = numerator / denominator
    center = (share + Z95**2 / (2 * denominator)) / (1 + Z95**2 / denominator)
    spread = share * (1 - share) / denominator + Z95**2 / (4 * denominator**2)
    half = Z95 * math.sqrt(spread) / (1 + Z95**2 / denominator)
    return Interval(max(0.0, center - half), min(1.0, center + half))


def newcombe(later: tuple[int, int], earlier: tuple[int, int]) -> Interval:
    """Newcombe's hybrid interval for a difference of two rates (later − earlier), 95 %.

    Each pair is (numerator, denominator). Source: Newcombe (1998), Statistics in Medicine 17, method 10.
    """
    p1, p0 = later[0] / later[1], earlier[0] / earlier[1]
    i1, i0 = wilson(*later), wilson(*earlier)
    down = math.hypot(p1 - i1.lower, i0.upper - p0)
    up = math.hypot(i1.upper - p1, p0 - i0.lower)
    return Interval(p1 - p0 - down, p1 - p0 + up)


def mean_interval(mean: float, deviation: float, persons: int) -> Interval:
    """Normal interval of a mean from its standard deviation and the number of persons (≥ 1), 95 %."""
    half = Z95 * deviation / math.sqrt(persons)
    return Interval(mean - half, mean + half)


def mean_difference(
    first: tuple[float, float, int], second: tuple[float, float, int]
) -> tuple[float, Interval]:
    """Difference of two independent means, first − second, with its normal 95 % interval (unequal variances).

    Each triple is (mean, standard deviation, persons ≥ 1).
    """
    difference = first[0] - second[0]
    half = Z95 * math.sqrt(first[1] ** 2 / first[2] + second[1] ** 2 / second[2])
    return difference, Interval(difference - half, difference + half)
