"""Estimators for panels whose members are the units themselves, such as firms that got a grant.

One level a member and one effect a quarter for all; no firm × quarter effects, for a firm cannot be its own
comparison. Clustered by unit. Panels of persons at firms belong in ``imputation``.

Source: Borusyak, Jaravel and Spiess (2024), Theorem 3; the auxiliary groups are entry × quarters since entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from reports.impact.panel import Bools, Floats, Ints, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason

_TOLERANCE = 1e-10
"""Quarter effects are known up to a constant: an eigenvalue this small, against the largest, is that zero."""


class Auxiliary(StrEnum):
    """Over which cells the effect is taken to be alike when its variance is estimated."""

    COHORT_EVENT = "cohort_horizon"
    EVENT = "horizon"
    COHORT = "cohort"
    ALL = "all"


@dataclass(frozen=True)
class Imputed:
    """Fitted on the untreated cells; ``gap``: outcome less prediction where observed."""

    untreated: Bools
    within: Floats
    gap: Floats
    is_target: Bools


def impute(panel: Panel, skip: int) -> Imputed:
    """Fit levels and quarter effects on the untreated cells, and predict the others."""
    untreated = panel.untreated(skip)
    within, effects = _two_way(panel.filled, untreated)
    count = untreated.sum(axis=1)
    level = np.divide(
        ((panel.filled - effects) * untreated).sum(axis=1), count, out=np.zeros(len(count)), where=count > 0
    )
    gap = np.where(panel.observed, panel.outcome - level[:, None] - effects, 0.0)
    both = np.logical_and((count > 0)[:, None], (untreated.sum(axis=0) > 0)[None, :])
    target: Bools = panel.observed & ~untreated & both
    return Imputed(untreated, within, gap, target)


def _two_way(values: Floats, seen: Bools) -> tuple[Floats, Floats]:
    """The normal matrix of the quarter effects (persons' levels taken out), and the quarter effects."""
    used = seen.astype(float)
    count = np.maximum(used.sum(axis=1), 1.0)
    within: Floats = np.diag(used.sum(axis=0)) - used.T @ (used / count[:, None])
    mean = (values * used).sum(axis=1) / count
    right = ((values - mean[:, None]) * used).sum(axis=0)
    return within, np.linalg.pinv(within, rcond=_TOLERANCE, hermitian=True) @ right


def pooled_imputation(
    panel: Panel,
    window: Window,
    auxiliary: Auxiliary = Auxiliary.COHORT_EVENT,
    name: str = "pooled imputation",
) -> Answer:
    """The mean effect in the window on members of a panel without firm × quarter effects."""
    fitted = impute(panel, window.skip)
    target = fitted.is_target & (panel.event >= window.first) & (panel.event <= window.last)
    if not target.any():
        return NotEstimable(name, Reason.EMPTY_WINDOW, "nobody", str(window))
    weight = target / target.sum()
    value = float((weight * fitted.gap).sum())
    influence = _influence(panel, fitted, weight, _groups(panel, auxiliary))
    summed = np.bincount(panel.unit, influence)
    treated = np.unique(panel.unit[target.any(axis=1)])
    return Estimate(
        name=name,
        value=value,
        se=float(np.sqrt((summed**2).sum())),
        df=len(summed) - 1,
        persons=int(target.any(axis=1).sum()),
        units=len(treated),
        cells=int(target.sum()),
    )


def _groups(panel: Panel, auxiliary: Auxiliary) -> Ints:
    """A number per cell: cells of one number share their mean effect in the variance."""
    event = np.clip(panel.event, -1_000, 1_000) + 1_000
    entry = np.unique(panel.entry, return_inverse=True)[1][:, None]
    groups = {
        Auxiliary.COHORT_EVENT: entry * 10_000 + event,
        Auxiliary.EVENT: event + 0 * entry,
        Auxiliary.COHORT: entry + 0 * event,
        Auxiliary.ALL: 0 * event,
    }
    return groups[auxiliary].astype(np.int64)


def _influence(panel: Panel, fitted: Imputed, weight: Floats, groups: Ints) -> Floats:
    """Each person's contribution: weighted residuals of treated and untreated cells."""
    used = fitted.untreated.astype(float)
    count = np.maximum(used.sum(axis=1), 1.0)
    own = weight.sum(axis=1)
    right = weight.sum(axis=0) - used.T @ (own / count)
    by_quarter = np.linalg.pinv(fitted.within, rcond=_TOLERANCE, hermitian=True) @ right
    by_person = (own - used @ by_quarter) / count
    untreated_weight = -(by_person[:, None] + by_quarter[None, :]) * used
    treated = weight * (fitted.gap - _group_means(fitted.gap, weight, groups))
    influence: Floats = (untreated_weight * fitted.gap + treated).sum(axis=1)
    return influence


def _group_means(gap: Floats, weight: Floats, groups: Ints) -> Floats:
    """Mean gap of each group of treated cells, weighted by squared weights summed within persons."""
    _, codes = np.unique(groups, return_inverse=True)
    codes = codes.reshape(groups.shape)
    person = np.arange(len(gap))[:, None] * (int(codes.max()) + 1) + codes
    weight_in = np.bincount(person.ravel(), weight.ravel(), minlength=len(gap) * (int(codes.max()) + 1))
    gap_in = np.bincount(person.ravel(), (weight * gap).ravel(), minlength=len(weight_in))
    shape = (len(gap), int(codes.max()) + 1)
    above = (weight_in * gap_in).reshape(shape).sum(axis=0)
    below = (weight_in**2).reshape(shape).sum(axis=0)
    means = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    result: Floats = means[codes]
    return result


def two_way_fixed_effects(panel: Panel, name: str = "two-way fixed effects") -> Answer:
    """The familiar regression on levels, quarters and a treatment dummy. A mixture, never a headline."""
    seen = panel.observed
    treated = (seen & (panel.event >= 0)).astype(float)
    regressor, outcome = (_residual(values, seen) for values in (treated, panel.filled))
    square = float((regressor**2).sum())
    if square < 1e-10:
        return NotEstimable(
            name, Reason.INFEASIBLE, "treatment that does not vary", "some before, some after"
        )
    value = float((regressor * outcome).sum() / square)
    scores = np.bincount(panel.unit, (regressor * (outcome - value * regressor)).sum(axis=1))
    units = len(scores)
    return Estimate(
        name=name,
        value=value,
        se=float(np.sqrt(units / (units - 1) * (scores**2).sum()) / square),
        df=units - 1,
        persons=int((treated > 0).any(axis=1).sum()),
        units=len(np.unique(panel.unit[(treated > 0).any(axis=1)])),
        cells=int(treated.sum()),
    )


def _residual(values: Floats, seen: Bools) -> Floats:
    """What levels and quarters leave of the values."""
    _, effects = _two_way(values, seen)
    count = np.maximum(seen.sum(axis=1), 1)
    level = ((values - effects) * seen).sum(axis=1) / count
    residual: Floats = (values - effects - level[:, None]) * seen
    return residual
