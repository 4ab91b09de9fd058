"""Did participants already pull away before they enrolled? The pre-entry slope, the event study, and the
union.

A flat slope is no proof of parallel trends: what it could have detected is stated with it. The slope-adjusted
union is the older careful rule, kept as a check beside drift-and-dip.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from reports.impact.imputation import from_sums
from reports.impact.panel import Floats, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason, hull
from reports.impact.sums import Design, UnitSums, jackknife_variance, leave_one_out, slopes, unit_sums

MAX_LEADS = 8
LAST_EVENT = 12
_MIN_BEFORE = 2


@dataclass(frozen=True)
class EventEffect:
    """The effect ``event`` quarters after entry; before it, the difference that should not be there."""

    event: int
    estimate: Estimate


def line_sums(panel: Panel, window: Window) -> UnitSums:
    """The default's pass with a line of participants' own beside the outcome, as far as the event study
    looks: one pass for the default estimate and for everything here but the leads.
    """
    time = np.arange(panel.shape[1]) - panel.shape[1] / 2

    def columns(persons: slice) -> Floats:
        line = panel.is_participant[persons, None] * time
        return np.stack([panel.filled[persons], line], axis=2)

    events = (-window.skip, max(window.last, LAST_EVENT))
    return unit_sums(panel, Design(columns, panel.untreated(window.skip), events))


def pre_slope(panel: Panel, window: Window, sums: UnitSums) -> Answer:
    """By how much a quarter participants pulled away from co-workers before the skipped quarters.

    ``sums``: of ``line_sums``, here and below.
    """
    informative = sums.gram[:, 1, 1] > 1e-12 * max(float(sums.gram[:, 1, 1].max()), 1e-300)
    if informative.sum() < 2:
        return NotEstimable(
            "pre-slope", Reason.SHORT_HISTORY, "no participant with two earlier quarters", "some"
        )
    estimates = slopes(sums, (1,))[:, 0]
    return Estimate(
        name="pre-slope",
        value=float(estimates[0]),
        se=float(np.sqrt(jackknife_variance(estimates[1:][informative]))),
        df=int(informative.sum()) - 1,
        persons=int((panel.is_participant & (panel.untreated(window.skip).sum(axis=1) > 1)).sum()),
        units=int(informative.sum()),
        cells=int((panel.untreated(window.skip) & panel.is_participant[:, None]).sum()),
    )


def slope_adjusted(
    panel: Panel, window: Window, default: Estimate, sums: UnitSums
) -> tuple[Answer, Answer, Answer]:
    """The pre-slope, the estimate less the slope carried forward, and the hull of it and the default.

    The slope is carried from the middle of the untreated quarters to that of the effect window, and its
    variance is added.
    """
    slope = pre_slope(panel, window, sums)
    if isinstance(slope, NotEstimable):
        return slope, replace(slope, name="slope-adjusted"), replace(slope, name="union")
    gaps, cells = sums.within(window.first, window.last)
    distance = float(gaps[:, 1].sum() / cells.sum())
    adjusted = replace(
        default,
        name="slope-adjusted",
        value=default.value - slope.value * distance,
        se=float(np.hypot(default.se, slope.se * distance)),
    )
    return slope, adjusted, hull("union", default, adjusted)


def event_study(panel: Panel, sums: UnitSums) -> tuple[EventEffect, ...]:
    """Every quarter around entry: leads against all earlier quarters, effects against the default's
    prediction.
    """
    after = [(event, from_sums(panel, sums, (event, event), "effect")) for event in range(LAST_EVENT + 1)]
    effects = [EventEffect(event, one) for event, one in after if isinstance(one, Estimate)]
    return (*_leads(panel), *effects)


def _leads(panel: Panel) -> tuple[EventEffect, ...]:
    count = min(MAX_LEADS, panel.history - _MIN_BEFORE)
    if count < 1:
        return ()
    events = np.arange(-count, 0)

    def columns(persons: slice) -> Floats:
        dummies = (panel.event[persons, :, None] == events).astype(float)
        return np.concatenate([panel.filled[persons, :, None], dummies], axis=2)

    sums = unit_sums(panel, Design(columns, panel.untreated(0), (0, 0)))
    estimates = slopes(sums, tuple(range(1, count + 1)))
    informative = np.einsum("uii->ui", sums.gram)[:, 1:].sum(axis=1) > 0
    return tuple(_lead(panel, int(event), estimates[:, n], informative) for n, event in enumerate(events))


def _lead(panel: Panel, event: int, estimates: Floats, informative: Floats) -> EventEffect:
    seen = panel.observed & (panel.event == event)
    left_out = estimates[1:][informative.astype(bool)]
    return EventEffect(
        event,
        Estimate(
            name="lead",
            value=float(estimates[0]),
            se=float(np.sqrt(jackknife_variance(left_out))),
            df=max(len(left_out) - 1, 1),
            persons=int(seen.any(axis=1).sum()),
            units=len(np.unique(panel.unit[seen.any(axis=1)])),
            cells=int(seen.sum()),
        ),
    )


def leave_out_range(sums: UnitSums, window: Window) -> tuple[float, float]:
    """The lowest and the highest default estimate without one firm. Internal: never published."""
    estimates = leave_one_out(sums, (window.first, window.last), ())[1:]
    kept = estimates[sums.within(window.first, window.last)[1] > 0]
    return float(np.nanmin(kept)), float(np.nanmax(kept))
