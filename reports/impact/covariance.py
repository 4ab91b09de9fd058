"""How a person's pay moves over time when nothing is done to it, learned from those who never enroll.

Noise of a quarter, a shock that fades, lasting differences in growth, and, only where the data insist, a
random walk or a random bend. Fitted by maximum likelihood on first differences, so that levels drop out. What
is done with the covariance does not belong here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from reports.impact.panel import Floats, Panel, pattern_keys

MIN_CELL = 5
MIN_QUARTERS = 6
PATTERNS = 60
MIN_PERSONS = 50
LIKELIHOOD_RATIO = 6.63
"""The 1 % critical value of χ² with one degree of freedom: an added component must beat it."""

_RIDGE = 1e-6
_BOUNDS = (-16.0, 3.0)
_RHO_BOUNDS = (float(np.log(0.02)), float(np.log(0.98)))
_STEP = 1e-3


@dataclass(frozen=True)
class Movement:
    """Variances of quarterly noise, fading shock and growth; its persistence ``rho`` with standard error.

    ``walk`` (random walk) or ``bend`` (random curvature) is above 0 only where it improved the fit clearly.
    """

    matrix: Floats
    noise: float
    shock: float
    rho: float
    rho_se: float
    growth: float
    walk: float
    bend: float


@dataclass(frozen=True)
class _Moments:
    """Per pattern of observed quarters: the differencing matrix, how many persons, the sum of dd'."""

    contrast: Floats
    count: Floats
    product: Floats
    padding: Floats


def fit_movement(panel: Panel) -> Movement | None:
    """Fit it; None where too few comparison workers are seen long enough."""
    residual = comparison_residuals(panel)
    patterns = list(_patterns(residual))
    if sum(count for _, count, _ in patterns) < MIN_PERSONS:
        return None
    moments = _stack(patterns, residual.shape[1])
    scale = _scale(moments)
    if scale <= 0:
        return None
    scaled = _Moments(moments.contrast, moments.count, moments.product / scale, moments.padding)
    return _chosen(scaled, residual.shape[1], scale)


def comparison_residuals(panel: Panel) -> Floats:
    """Never-enrolled workers' outcomes less their firm's mean of the quarter, scaled up for the mean's noise.

    NaN in firm-quarters with fewer than MIN_CELL of them.
    """
    never = ~panel.is_participant
    outcome, unit = panel.outcome[never], panel.unit[never]
    seen = np.isfinite(outcome)
    count, total = (np.zeros((panel.unit_count, outcome.shape[1])) for _ in range(2))
    present, first = np.unique(unit, return_index=True)
    count[present] = np.add.reduceat(seen.astype(np.float64), first)
    total[present] = np.add.reduceat(np.where(seen, outcome, 0.0), first)
    mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count >= MIN_CELL)
    inflation = np.sqrt(count / np.maximum(count - 1, 1))
    residual: Floats = (outcome - mean[unit]) * inflation[unit]
    return residual


def _patterns(residual: Floats) -> Iterator[tuple[Floats, int, Floats]]:
    """The most common patterns of observed quarters: differencing matrix, persons, sum of dd'."""
    seen = np.isfinite(residual)
    kept = seen.sum(axis=1) >= MIN_QUARTERS
    keys = pattern_keys(seen[kept])
    _, first, index, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    rows, patterns = residual[kept], seen[kept][first]
    for number in np.argsort(-counts, kind="stable")[:PATTERNS]:
        quarters = np.flatnonzero(patterns[number])
        difference = np.diff(rows[index == number][:, quarters], axis=1)
        contrast = np.diff(np.eye(residual.shape[1])[quarters], axis=0)
        yield contrast, int(counts[number]), difference.T @ difference


def _stack(patterns: list[tuple[Floats, int, Floats]], quarters: int) -> _Moments:
    """Patterns of different lengths in one block, short ones padded by an identity."""
    size = quarters - 1
    contrast = np.zeros((len(patterns), size, quarters))
    product = np.zeros((len(patterns), size, size))
    padding = np.zeros((len(patterns), size, size))
    for number, (rows, _, summed) in enumerate(patterns):
        contrast[number, : len(rows)] = rows
        product[number, : len(rows), : len(rows)] = summed
        padding[number, range(len(rows), size), range(len(rows), size)] = 1.0
    return _Moments(contrast, np.array([count for _, count, _ in patterns], float), product, padding)


def _scale(moments: _Moments) -> float:
    """The mean square of a difference: the fit works on a scale where it is 1."""
    used = (1 - np.einsum("pii->pi", moments.padding)) * moments.count[:, None]
    return float(np.einsum("pii->", moments.product) / max(used.sum(), 1.0))


class _Shape:
    """The covariance and its derivatives as functions of logs: noise, shock, rho, growth, and one extra."""

    def __init__(self, quarters: int, extra: str = "") -> None:
        time = np.arange(quarters) - (quarters - 1) / 2
        self.eye = np.eye(quarters)
        self.lag = np.abs(np.subtract.outer(np.arange(quarters), np.arange(quarters))).astype(float)
        # Scaled so that a variance of 1 is one at the ends of the panel, whatever its length.
        self.growth_scale = max(float(np.abs(time).max()), 1.0)
        self.growth = np.outer(time, time) / self.growth_scale**2
        curve = time**2 / 2 - (time**2 / 2).mean()
        self.bend_scale = max(float(np.abs(curve).max()), 1.0)
        self.extra_scale, self.extra = 1.0, None
        if extra == "walk":
            steps = np.arange(1, quarters + 1)
            self.extra = np.minimum.outer(steps, steps).astype(float)
        if extra == "bend":
            self.extra_scale = self.bend_scale**2
            self.extra = np.outer(curve, curve) / self.extra_scale

    def matrix(self, logs: Floats) -> tuple[Floats, list[Floats]]:
        noise, shock, rho, growth = np.exp(logs[:4])
        power = rho**self.lag
        slope = shock * self.lag * power
        parts = [noise * self.eye, shock * power, slope, growth * self.growth]
        total = parts[0] + parts[1] + parts[3] + _RIDGE * self.eye
        if self.extra is not None:
            parts.append(float(np.exp(logs[4])) * self.extra)
            total = total + parts[4]
        return total, parts


def _objective(logs: Floats, moments: _Moments, shape: _Shape) -> tuple[float, Floats]:
    """Negative log likelihood per person and its gradient in the logs."""
    matrix, parts = shape.matrix(logs)
    contrast = moments.contrast
    covariance = contrast @ matrix @ contrast.transpose(0, 2, 1) + moments.padding
    inverse = np.linalg.inv(covariance)
    _, logdet = np.linalg.slogdet(covariance)
    total = moments.count.sum()
    fit = (moments.count * logdet).sum() + np.einsum("pij,pji->", inverse, moments.product)
    weight = moments.count[:, None, None] * inverse - inverse @ moments.product @ inverse
    spread = (contrast.transpose(0, 2, 1) @ weight @ contrast).sum(axis=0)
    gradient = np.array([(spread * part).sum() for part in parts]) / (2 * total)
    return float(fit / (2 * total)), gradient


@dataclass(frozen=True)
class _Fit:
    logs: Floats
    loss: float
    shape: _Shape


def _fit(moments: _Moments, quarters: int, extra: str, starts: list[Floats]) -> _Fit:
    shape = _Shape(quarters, extra)
    bounds = [_BOUNDS, _BOUNDS, _RHO_BOUNDS, _BOUNDS, _BOUNDS][: len(starts[0])]
    found = [
        minimize(_objective, start, args=(moments, shape), jac=True, method="L-BFGS-B", bounds=bounds,
                 options={"maxiter": 300, "ftol": 1e-11, "gtol": 1e-7})
        for start in starts
    ]  # fmt: skip
    best = min(found, key=lambda one: float(one.fun))
    return _Fit(best.x, float(best.fun), shape)


def _chosen(moments: _Moments, quarters: int, scale: float) -> Movement:
    plain = _fit(moments, quarters, "", [_start(0.6)])
    if plain.logs[2] in _RHO_BOUNDS:
        plain = _fit(moments, quarters, "", [_start(rho) for rho in (0.3, 0.9)])
    richer = {
        extra: _fit(moments, quarters, extra, [np.append(plain.logs, np.log(0.01))])
        for extra in ("walk", "bend")
        if _would_help(plain, moments, quarters, extra)
    }
    if not richer:
        return _movement(plain, moments, scale, "")
    name, best = min(richer.items(), key=lambda one: one[1].loss)
    if 2 * moments.count.sum() * (plain.loss - best.loss) > LIKELIHOOD_RATIO:
        return _movement(best, moments, scale, name)
    return _movement(plain, moments, scale, "")


def _would_help(plain: _Fit, moments: _Moments, quarters: int, extra: str) -> bool:
    """Whether a first bit of the extra variance improves the fit; if not, its best value is none at all."""
    little = np.append(plain.logs, _BOUNDS[0])
    return bool(_objective(little, moments, _Shape(quarters, extra))[1][4] < 0)


def _start(rho: float) -> Floats:
    """Where the search begins, in logs, on the scale where a difference has mean square 1."""
    start: Floats = np.log(np.array([0.25, 0.5, rho, 0.05]))
    return start


def _movement(fit: _Fit, moments: _Moments, scale: float, extra: str) -> Movement:
    matrix, _ = fit.shape.matrix(fit.logs)
    noise, shock, rho, growth = (float(one) for one in np.exp(fit.logs[:4]))
    more = float(np.exp(fit.logs[4])) / fit.shape.extra_scale if extra else 0.0
    return Movement(
        matrix=matrix * scale,
        noise=noise * scale,
        shock=shock * scale,
        rho=rho,
        rho_se=rho * _log_rho_se(fit, moments),
        growth=growth * scale / fit.shape.growth_scale**2,
        walk=more * scale if extra == "walk" else 0.0,
        bend=more * scale if extra == "bend" else 0.0,
    )


def _log_rho_se(fit: _Fit, moments: _Moments) -> float:
    """From the curvature of the likelihood, among the parameters that are not at a bound."""
    low, high = _BOUNDS
    is_free = [low + 0.1 < one < high - 0.1 for one in fit.logs]
    is_free[2] = True
    free = np.flatnonzero(is_free)
    rows = [_curvature(fit, moments, int(number))[free] for number in free]
    curvature = moments.count.sum() * (np.array(rows) + np.array(rows).T) / 2
    values, vectors = np.linalg.eigh(curvature)
    if values[0] <= 0:
        return 0.5
    place = int(np.flatnonzero(free == 2)[0])
    return float(np.sqrt((vectors[place] ** 2 / values).sum()))


def _curvature(fit: _Fit, moments: _Moments, number: int) -> Floats:
    """One row of the Hessian by central differences of the gradient."""
    step = np.zeros(len(fit.logs))
    step[number] = _STEP
    above = _objective(fit.logs + step, moments, fit.shape)[1]
    below = _objective(fit.logs - step, moments, fit.shape)[1]
    row: Floats = (above - below) / (2 * _STEP)
    return row
