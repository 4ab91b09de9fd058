"""How narrow an interval can be: the best linear unbiased estimate where everything but the parameters is
known.

The covariance of pay over time is the true one and comparison workers are without number: no estimate of
one straight drift and ``lags`` free dip quarters can have a smaller standard error than this. Pure
arithmetic on a world's own figures; nothing is drawn.

Sources: generalized least squares and best linear prediction (Goldberger 1962); for intervals that are not
centered on an unbiased estimate Pratt (1961), Length of confidence intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from reports.impact.panel import Floats, Window
from tests.reports.impact.worlds import EFFECT_SPREAD, NOISE, SHOCK, SPAN, World


def shortest(level: float = 0.95) -> float:
    """The least expected length of an interval that holds every value of a normal mean with this chance,
    against that of the usual one: 0.85 at 95 %. Only at one value guessed beforehand; longer elsewhere.
    """
    z = stats.norm.ppf(level)
    return float((level * z + stats.norm.pdf(z)) / stats.norm.ppf((1 + level) / 2))


@dataclass(frozen=True)
class Bound:
    """Standard errors in log points, with as many participants as the world has."""

    default: float
    careful: float

    @property
    def ratio(self) -> float:
        """The least width of an unbiased interval against the default's."""
        return self.careful / self.default

    @property
    def floor(self) -> float:
        """The least width of any 95 % interval that is valid for every drift and dip, likewise."""
        return shortest() * self.ratio


def covariance(world: World) -> Floats:
    """Quarters × quarters, of log pay about a person's level."""
    time = np.arange(world.quarters)
    centered = time - (world.quarters - 1) / 2
    apart = np.abs(np.subtract.outer(time, time))
    matrix: Floats = (
        NOISE**2 * np.eye(world.quarters)
        + SHOCK**2 * world.rho**apart
        + world.slope_sd**2 * np.outer(centered, centered)
    )
    return matrix


def bound(world: World, lags: int, window: Window | None = None) -> Bound:
    """The two standard errors of the mean effect in the window; enrollments spread evenly over their span."""
    chosen = window or Window()
    entries = [world.history + step for step in range(SPAN)]
    cohorts = [_cohort(world, entry, lags, chosen) for entry in entries]
    persons = world.workers * world.share
    gram = sum(one.gram for one in cohorts) / SPAN
    carried = sum(one.carried for one in cohorts) / SPAN
    own = EFFECT_SPREAD**2 * world.effect**2
    careful = np.mean([one.unforeseen for one in cohorts]) + carried @ np.linalg.solve(gram, carried) + own
    default = np.mean([one.default for one in cohorts]) + own
    return Bound(float(np.sqrt(default / persons)), float(np.sqrt(careful / persons)))


@dataclass(frozen=True)
class _Cohort:
    """One participant's: information on drift and dips; what they carry into the window; variances of the
    mean of the window's quarters that no earlier pay foretells, and of the default's comparison.
    """

    gram: Floats
    carried: Floats
    unforeseen: float
    default: float


def _cohort(world: World, entry: int, lags: int, window: Window) -> _Cohort:
    matrix = covariance(world)
    before, after = np.arange(entry), np.arange(entry + window.first, entry + window.last + 1)
    columns = _columns(world, entry, lags)
    precision = np.linalg.inv(matrix[np.ix_(before, before)])
    share = precision.sum(axis=0) / precision.sum()
    without_level = precision - precision.sum(axis=1)[:, None] * share
    predicted = (share + matrix[np.ix_(after, before)] @ without_level).mean(axis=0)
    weights = np.zeros(world.quarters)
    weights[after] = 1 / len(after)
    usual = weights.copy()
    usual[: entry - window.skip] = -1 / (entry - window.skip)
    weights[before] = -predicted
    return _Cohort(
        gram=columns[before].T @ without_level @ columns[before],
        carried=weights @ columns,
        unforeseen=float(weights @ matrix @ weights),
        default=float(usual @ matrix @ usual),
    )


def _columns(world: World, entry: int, lags: int) -> Floats:
    """Quarters × (drift, dips): as drift-and-dip imputation has them."""
    time = np.arange(world.quarters)
    dips = [world.rho ** np.abs(time - (entry - lag)).astype(float) for lag in range(1, lags + 1)]
    return np.stack([time - world.quarters / 2, *dips], axis=1)
