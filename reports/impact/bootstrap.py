"""A wild cluster bootstrap for few firms: below twenty, the clustered standard error is noisy.

Null-imposed, studentized, Rademacher weights by firm; the interval holds every effect that the test does not
reject. Source: Cameron, Gelbach and Miller (2008).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from reports.impact.panel import Floats, Window
from reports.impact.results import LEVEL, Estimate
from reports.impact.sums import UnitSums

FEW_UNITS = 20
DRAWS = 9_999
ENUMERATED = 12
"""Up to so many firms all sign patterns are gone through instead of drawing."""


def wild_interval(default: Estimate, sums: UnitSums, window: Window, seed: int) -> Estimate:
    """The default estimate with the bootstrap's interval."""
    gaps, cells = sums.within(window.first, window.last)
    used = cells > 0
    signs = _signs(int(used.sum()), seed)
    bounds = tuple(_bound(default, gaps[used, 0], cells[used], signs, side) for side in (-1, 1))
    return replace(default, name="wild bootstrap", bounds=(bounds[0], bounds[1]))


def _signs(units: int, seed: int) -> Floats:
    if units <= ENUMERATED:
        bits = (np.arange(2**units)[:, None] >> np.arange(units)) & 1
        every: Floats = (2.0 * bits - 1).astype(np.float64)
        return every
    drawn: Floats = np.random.default_rng(seed).choice(np.array([-1.0, 1.0]), (DRAWS, units))
    return drawn


def rejection(effect: float, gaps: Floats, cells: Floats, signs: Floats) -> float:
    """The p-value of a true effect: how often the bootstrap's |t| is at least the one observed."""
    total, units = cells.sum(), len(cells)

    def t_value(sums: Floats) -> Floats:
        mean = sums.sum(axis=-1, keepdims=True) / total
        scores = sums - cells * mean
        error = np.sqrt(units / (units - 1) * (scores**2).sum(axis=-1)) / total
        shift = mean[..., 0] - effect
        ratio: Floats = np.divide(shift, error, out=np.full_like(shift, np.inf), where=error > 0)
        return np.abs(ratio)

    residual = gaps - cells * effect
    observed = float(t_value(gaps[None])[0])
    drawn = t_value(cells * effect + signs * residual)
    return float((drawn >= observed * (1 - 1e-12)).mean())


def _bound(default: Estimate, gaps: Floats, cells: Floats, signs: Floats, side: int) -> float:
    """The end of the interval by bisection; unbounded where even a far effect is not rejected."""
    near, far = 0.0, 4.0 * max(default.se, 1e-300)
    for _ in range(12):
        if rejection(default.value + side * far, gaps, cells, signs) < 1 - LEVEL:
            break
        near, far = far, 2 * far
    else:
        return side * float("inf")
    for _ in range(40):
        middle = (near + far) / 2
        rejected = rejection(default.value + side * middle, gaps, cells, signs) < 1 - LEVEL
        near, far = (near, middle) if rejected else (middle, far)
    return default.value + side * far
