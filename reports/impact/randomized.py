"""A study in which chance decided who took part: the difference in means, with its robust interval.

Only for designs declared as randomized. Clustered by unit where whole units were assigned; else by person
(Neyman's variance, t with Welch's degrees of freedom). The floors of observational designs do not apply.
"""

from __future__ import annotations

import numpy as np

from reports.impact.panel import Bools, Floats, Ints, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason

_NAME = "difference in means"


def difference_in_means(panel: Panel, window: Window | None = None) -> Answer:
    """Mean outcome of those assigned less that of the others, after assignment.

    Each person's outcome is the mean of the observed quarters of the window (event quarters
    ``first``..``last`` of the assigned, the same calendar quarters for the others); without a window, of all
    quarters from the first assignment on.
    """
    assigned = panel.is_participant
    outcome, seen = _after(panel, window)
    first, other = outcome[assigned & seen], outcome[~assigned & seen]
    if len(first) < 2 or len(other) < 2:
        return NotEstimable(_NAME, Reason.NO_COMPARISON, "fewer than 2 persons in an arm", "2 or more")
    if _is_clustered(panel.unit, assigned):
        return _by_unit(outcome[seen], assigned[seen], panel.unit[seen])
    parts = (first.var(ddof=1) / len(first), other.var(ddof=1) / len(other))
    variance = sum(parts)
    if variance == 0:
        return NotEstimable(_NAME, Reason.NO_VARIATION, "one and the same value in each arm", "variation")
    welch = variance**2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(other) - 1))
    return Estimate(
        name=_NAME,
        value=float(first.mean() - other.mean()),
        se=float(np.sqrt(variance)),
        df=float(welch),
        persons=len(first),
        units=len(np.unique(panel.unit[assigned & seen])),
        cells=int(seen.sum()),
    )


def _after(panel: Panel, window: Window | None) -> tuple[Floats, Bools]:
    """Everybody's mean outcome after assignment, and who has one."""
    start = int(np.clip(panel.entry[panel.is_participant].min(initial=panel.shape[1]), 0, panel.shape[1]))
    quarters = np.arange(panel.shape[1])
    first, last = (0, panel.shape[1]) if window is None else (window.first, window.last)
    chosen = panel.observed & ((quarters >= start + first) & (quarters <= start + last))[None, :]
    count = chosen.sum(axis=1)
    mean = np.where(chosen, panel.filled, 0.0).sum(axis=1) / np.maximum(count, 1)
    return mean, count > 0


def _is_clustered(unit: Ints, assigned: Bools) -> bool:
    """Whether whole units were assigned: some have several persons, and none has both arms."""
    size = np.bincount(unit)
    share = np.bincount(unit, assigned) / np.maximum(size, 1)
    return bool((size > 1).any() and np.isin(share[size > 0], (0.0, 1.0)).all() and len(size) > 2)


def _by_unit(outcome: Floats, assigned: Bools, unit: Ints) -> Answer:
    """The same difference with its error clustered by unit, t with G − 2 degrees of freedom."""
    first, other = outcome[assigned].mean(), outcome[~assigned].mean()
    residual = outcome - np.where(assigned, first, other)
    weight = np.where(assigned, 1 / assigned.sum(), -1 / (~assigned).sum())
    scores = np.bincount(unit, weight * residual)
    used = np.unique(unit)
    units = len(used)
    if units < 4:
        return NotEstimable(_NAME, Reason.FEW_UNITS, f"{units} units", "4 or more")
    return Estimate(
        name=f"{_NAME}, by unit",
        value=float(first - other),
        se=float(np.sqrt(units / (units - 1) * (scores[used] ** 2).sum())),
        df=units - 2,
        persons=int(assigned.sum()),
        units=len(np.unique(unit[assigned])),
        cells=len(outcome),
    )
