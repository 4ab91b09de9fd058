"""Drift-and-dip imputation: an interval that holds also where faster-growing workers were picked.

Participants may have drifted apart from their co-workers in a straight line, and may enroll after bad luck
that fades at the speed of ordinary shocks. Both are estimated from who enrolled when, and taken out. With its
guards (a bend or permanent shocks that the data show widen the interval) and its flags. It governs the
headline.

Algorithm and reasons: docs/decisions/0026; what was measured: docs/benchmarks.md. No wording here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from reports.impact.covariance import Movement, fit_movement
from reports.impact.imputation import persons_behind
from reports.impact.panel import Bools, Floats, Ints, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason
from reports.impact.sums import Design, UnitSums, jackknife_variance, leave_one_out, slopes, unit_sums

MIN_HISTORY = 8
LONG_HISTORY = 20
"""Quarters before the first enrollment from which four dip quarters are used for the headline."""

MAX_LAGS = 4
RHO_STEP = 0.03
LAST_EVENT = 12
"""How far after entry the effect's own slope is looked at."""

_OUTCOME, _BEND, _DRIFT, _DIP = 0, 1, 2, 3
_QUARTERS_AHEAD = 7
"""Quarters from the last untreated one to the middle of the effect window: a random walk's reach."""


@dataclass(frozen=True)
class Adjusted:
    """A drift-and-dip estimate. ``raw`` is without the guard's widening, ``estimate`` with it.

    ``drift`` per quarter and ``dip`` one quarter before entry, in the outcome's unit; ``growing`` is the
    slope of the effect over the quarters after entry; ``is_growing`` that it is above zero beyond chance:
    what looks like an effect may then be selection on growth.
    """

    lags: int
    raw: Estimate
    estimate: Estimate
    drift: float
    dip: float
    kappa: float
    growing: Estimate
    movement: Movement

    @property
    def is_guarded(self) -> bool:
        """Whether a guard widened the interval."""
        return self.estimate.extra > 0

    @property
    def is_growing(self) -> bool:
        """Whether the effect keeps growing (one-sided 5 %)."""
        return self.growing.value > float(stats.t.ppf(0.95, self.growing.df)) * self.growing.se


def drift_and_dip(
    panel: Panel, window: Window, lags: tuple[int, ...] = (2, 4)
) -> dict[int, Adjusted | NotEstimable]:
    """The estimate for each number of dip quarters, all from one pass.

    NotEstimable with fewer than 8 quarters before the first enrollment, or where too few never-enrolled
    workers are seen long enough.
    """
    if panel.history < MIN_HISTORY:
        return _refuse(lags, Reason.SHORT_HISTORY, f"{panel.history} quarters", f"{MIN_HISTORY}")
    movement = fit_movement(panel)
    if movement is None:
        return _refuse(lags, Reason.NO_COVARIANCE, "too few", "50 seen in 6 or more quarters")
    sums = _sums(panel, movement)
    return {count: _adjusted(panel, window, sums, movement, count) for count in lags}


def _refuse(
    lags: tuple[int, ...], reason: Reason, found: str, needed: str
) -> dict[int, Adjusted | NotEstimable]:
    return {count: NotEstimable(f"drift and dip, {count}", reason, found, needed) for count in lags}


def _sums(panel: Panel, movement: Movement) -> UnitSums:
    """One pass over outcome, bend, drift, four dips, and the four dips at a slightly higher persistence."""
    surprise = enrollment_surprise(panel)
    quarters = panel.shape[1]
    time = np.arange(quarters) - quarters / 2
    kernels = np.concatenate([_kernels(surprise.quarters, quarters, rho) for rho in _rhos(movement)])

    def columns(persons: slice) -> Floats:
        own = surprise.of_person[persons]
        total = own.sum(axis=1)[:, None]
        dips = np.einsum("ns,lst->ntl", own, kernels, optimize=True)
        bend, drift = total * time**2 / 2, total * time
        return np.concatenate([np.stack([panel.filled[persons], bend, drift], axis=2), dips], axis=2)

    return unit_sums(panel, Design(columns, panel.untreated(0), (0, LAST_EVENT), movement.matrix))


def _rhos(movement: Movement) -> tuple[float, float]:
    return movement.rho, movement.rho + RHO_STEP


def _kernels(entries: Ints, quarters: int, rho: float) -> Floats:
    """What is left in each quarter of bad luck ``lag`` quarters before entry: lags × entry quarters ×
    quarters.
    """
    place = np.arange(quarters)
    lag = np.arange(1, MAX_LAGS + 1)[:, None, None]
    kernels: Floats = rho ** np.abs(place[None, None, :] - (entries[None, :, None] - lag)).astype(float)
    return kernels


@dataclass(frozen=True)
class Surprise:
    """Persons × enrollment quarters: 1 on enrolling, less the share of the firm's eligible people who did."""

    quarters: Ints
    of_person: Floats


def enrollment_surprise(panel: Panel) -> Surprise:
    """Who enrolled when beyond what the firm's numbers lead one to expect.

    At risk in a quarter: those observed (or enrolling) in it and not enrolled before.
    """
    inside = panel.entry[(panel.entry >= 0) & (panel.entry < panel.shape[1])]
    span = np.arange(inside.min(), inside.max() + 1) if len(inside) else np.zeros(0, dtype=np.int64)
    enrolls = panel.entry[:, None] == span[None, :]
    at_risk = (panel.observed[:, span] | enrolls) & (panel.entry[:, None] >= span[None, :])
    share = _shares(panel, enrolls, at_risk)[panel.unit]
    return Surprise(span.astype(np.int64), np.where(at_risk, enrolls - share, 0.0))


def _shares(panel: Panel, enrolls: Bools, at_risk: Bools) -> Floats:
    """Per unit and quarter, the share of those at risk who enroll."""
    counts = [np.add.reduceat(one.astype(float), panel.starts) for one in (enrolls, at_risk)]
    return np.divide(counts[0], counts[1], out=np.zeros_like(counts[0]), where=counts[1] > 0)


def _adjusted(
    panel: Panel, window: Window, sums: UnitSums, movement: Movement, lags: int
) -> Adjusted | NotEstimable:
    regressors = (_DRIFT, *range(_DIP, _DIP + lags))
    steeper = (_DRIFT, *range(_DIP + MAX_LAGS, _DIP + MAX_LAGS + lags))
    events = (window.first, window.last)
    informative = _informative(sums, events)
    estimates = leave_one_out(sums, events, regressors)
    left_out = estimates[1:][informative]
    if not np.isfinite(left_out).all() or len(left_out) < 3:
        return _refuse((lags,), Reason.INFEASIBLE, f"{len(left_out)} firms", "3")[lags]
    by_rho = (leave_one_out(sums, events, steeper)[0] - estimates[0]) / RHO_STEP
    raw = Estimate(
        name=f"drift and dip, {lags}",
        value=float(estimates[0]),
        se=float(np.sqrt(jackknife_variance(left_out) + (by_rho * movement.rho_se) ** 2)),
        df=len(left_out) - 1,
        persons=persons_behind(panel, sums, events),
        units=int((sums.within(*events)[1] > 0).sum()),
        cells=int(sums.within(*events)[1].sum()),
    )
    found = slopes(sums, regressors)[0]
    kappa = _kappa(found, movement)
    bend = abs(float(leave_one_out(sums, events, regressors, _BEND)[0]))
    extra = kappa * (np.sqrt(movement.bend) * bend + np.sqrt(movement.walk * _QUARTERS_AHEAD))
    return Adjusted(
        lags=lags,
        raw=raw,
        estimate=replace(raw, extra=float(extra)),
        drift=float(found[0]),
        dip=float(found[1]),
        kappa=kappa,
        growing=_growing(sums, window, regressors, informative, raw),
        movement=movement,
    )


def _informative(sums: UnitSums, events: tuple[int, int]) -> Bools:
    """Units with participants in the window or with information on the drift."""
    cells = sums.within(*events)[1]
    drift = sums.gram[:, _DRIFT, _DRIFT]
    informative: Bools = (cells > 0) | (drift > 1e-12 * drift.max())
    return informative


def _kappa(found: Floats, movement: Movement) -> float:
    """How strong the selection is that was actually seen, in standard deviations, at most 1."""
    tiny = np.finfo(float).tiny
    dip = abs(found[1]) / np.sqrt(max(movement.shock, tiny))
    drift = abs(found[0]) / np.sqrt(max(movement.growth, tiny))
    return float(min(1.0, max(dip, drift)))


def _growing(
    sums: UnitSums, window: Window, regressors: tuple[int, ...], informative: Bools, raw: Estimate
) -> Estimate:
    """The slope of the effect over the quarters from the window's first on, with the jackknife's error."""
    events = np.arange(window.first, LAST_EVENT + 1)
    by_event = np.array([leave_one_out(sums, (int(e), int(e)), regressors) for e in events])
    weight = np.array([sums.within(int(e), int(e))[1].sum() for e in events])
    used = (weight > 0) & np.isfinite(by_event).all(axis=1)
    if used.sum() < 2:
        return replace(raw, name="growth of the effect", value=0.0, se=0.0)
    centered = events[used] - np.average(events[used], weights=weight[used])
    weights = weight[used] * centered
    all_slopes = weights @ by_event[used] / (weights @ centered)
    error = np.sqrt(jackknife_variance(all_slopes[1:][informative]))
    return replace(raw, name="growth of the effect", value=float(all_slopes[0]), se=float(error))


def governing(adjusted: dict[int, Adjusted | NotEstimable], history: int) -> Adjusted | NotEstimable:
    """Which of the two governs the headline: four dip quarters with a long history, else two."""
    return adjusted[MAX_LAGS if history >= LONG_HISTORY else 2]


def as_answer(one: Adjusted | NotEstimable) -> Answer:
    """The interval that counts, widened where a guard fired."""
    return one if isinstance(one, NotEstimable) else one.estimate
