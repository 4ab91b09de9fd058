"""What an estimator answers: an estimate with its interval, or the reason why there is none.

A refusal is a result like any other: it has a code, and it is never a zero. Which estimator answers what
does not belong here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from scipy import stats

LEVEL = 0.95
POWER = 0.80


class Reason(StrEnum):
    """Why something is not estimable."""

    FEW_PARTICIPANTS = "IMP-101"
    FEW_UNITS = "IMP-102"
    NO_COMPARISON = "IMP-103"
    ONE_PERIOD = "IMP-104"
    SHORT_HISTORY = "IMP-105"
    EMPTY_WINDOW = "IMP-106"
    NO_VARIATION = "IMP-107"
    NO_COVARIANCE = "IMP-108"
    INFEASIBLE = "IMP-109"


WORDS = {
    Reason.FEW_PARTICIPANTS: "fewer participants than a sound estimate needs",
    Reason.FEW_UNITS: "too few units have both groups",
    Reason.NO_COMPARISON: "nobody who never took part is there to compare with",
    Reason.ONE_PERIOD: "only one quarter is observed",
    Reason.SHORT_HISTORY: "too few quarters are observed before the first enrollment",
    Reason.EMPTY_WINDOW: "nobody is observed in the quarters in which the effect is measured",
    Reason.NO_VARIATION: "the outcome does not vary",
    Reason.NO_COVARIANCE: "too few comparison workers are observed long enough to learn how pay moves",
    Reason.INFEASIBLE: "the comparison cannot be computed from these people and quarters",
}


@dataclass(frozen=True)
class NotEstimable:
    """No estimate, and why. ``found`` and ``needed`` are counts in words, never about a single person."""

    name: str
    reason: Reason
    found: str
    needed: str

    @property
    def sentence(self) -> str:
        """The reason in words, with its code."""
        return (
            f"Not estimable ({self.reason}): {WORDS[self.reason]}; found {self.found}, needed {self.needed}."
        )


@dataclass(frozen=True)
class Estimate:
    """A point, its standard error, and the 95 % interval.

    In the outcome's unit. ``df``: degrees of freedom of t; ``extra``: what a guard adds on each side for a
    bias it cannot rule out. ``persons`` and ``units`` stand behind it, ``cells`` are person-quarters.
    """

    name: str
    value: float
    se: float
    df: float
    persons: int
    units: int
    cells: int
    extra: float = 0.0
    bounds: tuple[float, float] | None = None

    @property
    def _half(self) -> float:
        return float(stats.t.ppf((1 + LEVEL) / 2, self.df)) * self.se + self.extra

    @property
    def lower(self) -> float:
        """Lower end of the interval."""
        return self.value - self._half if self.bounds is None else self.bounds[0]

    @property
    def upper(self) -> float:
        """Upper end of the interval."""
        return self.value + self._half if self.bounds is None else self.bounds[1]

    @property
    def half_width(self) -> float:
        """Half of the interval's width."""
        return (self.upper - self.lower) / 2

    @property
    def is_positive(self) -> bool:
        """Whether the whole interval lies above zero."""
        return self.lower > 0

    @property
    def is_negative(self) -> bool:
        """Whether the whole interval lies below zero."""
        return self.upper < 0

    @property
    def detectable(self) -> float:
        """The smallest true effect that this design finds four times in five (80 % power, two-sided 5 %)."""
        t = stats.t
        return float(t.ppf((1 + LEVEL) / 2, self.df) + t.ppf(POWER, self.df)) * self.se + self.extra

    def named(self, name: str) -> Estimate:
        """The same under another name."""
        return replace(self, name=name)


Answer = Estimate | NotEstimable


def hull(name: str, one: Estimate, other: Estimate) -> Estimate:
    """``one``, with the smallest interval that holds both intervals."""
    bounds = (min(one.lower, other.lower), max(one.upper, other.upper))
    return replace(one, name=name, bounds=bounds)
