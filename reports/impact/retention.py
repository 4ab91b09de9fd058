"""Still there? Of those on the payroll just before, how many more participants than co-workers are seen
later.

For employment and retention: whoever enrolls was employed, so levels before entry say nothing, and panel
estimators would compare survivors with everybody. Descriptive by its design: nothing is called positive.
"""

from __future__ import annotations

import numpy as np

from reports.impact.panel import Bools, Floats, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason


def cohort_difference(panel: Panel, at_risk: Bools, window: Window, name: str) -> Answer:
    """The mean difference of the outcome in the window, within firm and quarter of entry.

    A participant who is ``at_risk`` (persons × quarters) in the quarter before entry against the never-
    enrolled co-workers at risk in that same quarter. Clustered by firm, t with G − 1 degrees of freedom.
    """
    gaps, cells, persons = _gaps(panel, at_risk, window)
    total, units = cells.sum(), int((cells > 0).sum())
    if units < 2:
        return NotEstimable(name, Reason.EMPTY_WINDOW, "fewer than 2 firms to compare in", "2 or more")
    value = gaps.sum() / total
    error = np.sqrt(units / (units - 1) * (((gaps - cells * value) / total) ** 2).sum())
    return Estimate(name, float(value), float(error), units - 1, int(persons.sum()), units, int(total))


def _gaps(panel: Panel, at_risk: Bools, window: Window) -> tuple[Floats, Floats, Bools]:
    size = panel.unit_count
    gaps, cells, persons = np.zeros(size), np.zeros(size), np.zeros(panel.shape[0], dtype=bool)
    for entry in map(int, np.unique(panel.entry[panel.is_participant])):
        if not 1 <= entry < panel.shape[1]:
            continue
        risk = at_risk[:, entry - 1]
        for quarter in range(entry + window.first, min(entry + window.last + 1, panel.shape[1])):
            usual = _mean(panel, risk & ~panel.is_participant & panel.observed[:, quarter], quarter)
            own = risk & (panel.entry == entry) & panel.observed[:, quarter]
            own &= np.isfinite(usual[panel.unit])
            gap = panel.filled[:, quarter] - np.nan_to_num(usual)[panel.unit]
            gaps += np.bincount(panel.unit[own], gap[own], minlength=size)
            cells += np.bincount(panel.unit[own], minlength=size)
            persons |= own
    return gaps, cells, persons


def _mean(panel: Panel, chosen: Bools, quarter: int) -> Floats:
    """Mean outcome of the chosen by unit, NaN where there is nobody."""
    total = np.bincount(panel.unit[chosen], panel.filled[chosen, quarter], minlength=panel.unit_count)
    count = np.bincount(panel.unit[chosen], minlength=panel.unit_count)
    mean: Floats = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    return mean
