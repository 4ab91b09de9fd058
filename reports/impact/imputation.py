"""The default estimator: imputation on person and firm × quarter effects, the quarters before entry left out.

Clustered by firm, t with G − 1 degrees of freedom. Also its relatives that come from the same pass: other
skip lengths, the placebo in time, and what single firms do to the estimate (internal, never published).

Source: Borusyak, Jaravel and Spiess (2024); their conservative variance with one auxiliary group: firm
effects are nested in the clusters, so untreated residuals sum to zero in each and drop out.
"""

from __future__ import annotations

import numpy as np

from reports.impact.panel import Floats, Panel, Window, units_with_both
from reports.impact.results import Answer, Estimate, NotEstimable, Reason
from reports.impact.sums import Design, UnitSums, leave_one_out, unit_sums

PLACEBO_SHIFT = 8
PLACEBO = Window(first=0, last=3, skip=4)
"""A fake enrollment eight quarters early: its effect window ends before the dip that may precede the real
one.
"""


def outcome_columns(panel: Panel, persons: slice) -> Floats:
    """The outcome as the only column."""
    return panel.filled[persons, :, None]


def default_sums(panel: Panel, window: Window, covariance: Floats | None = None) -> UnitSums:
    """The pass of the default estimator, events from the first skipped quarter to the window's last."""
    return unit_sums(
        panel,
        Design(
            columns=lambda persons: outcome_columns(panel, persons),
            untreated=panel.untreated(window.skip),
            events=(-window.skip, window.last),
            covariance=covariance,
        ),
    )


def imputation(panel: Panel, window: Window | None = None, name: str = "imputation") -> Answer:
    """The mean effect on participants in the window, in the outcome's unit."""
    chosen = window or Window()
    return from_sums(panel, default_sums(panel, chosen), (chosen.first, chosen.last), name)


def from_sums(panel: Panel, sums: UnitSums, events: tuple[int, int], name: str) -> Answer:
    """The estimate over the events ``first``..``last`` of a pass that is already made."""
    gaps, cells = sums.within(*events)
    total, units = cells.sum(), int((cells > 0).sum())
    if total == 0 or units < 2:
        return NotEstimable(name, Reason.EMPTY_WINDOW, f"{units} firms with a cell to compare", "at least 2")
    value = gaps[:, 0].sum() / total
    scores = (gaps[:, 0] - cells * value) / total
    return Estimate(
        name=name,
        value=float(value),
        se=float(np.sqrt(units / (units - 1) * (scores**2).sum())),
        df=units - 1,
        persons=persons_behind(panel, sums, events),
        units=units,
        cells=int(total),
    )


def persons_behind(panel: Panel, sums: UnitSums, events: tuple[int, int]) -> int:
    """How many participants have a cell between the two events."""
    event = panel.event[panel.is_participant]
    within = sums.is_target[panel.is_participant] & (event >= events[0]) & (event <= events[1])
    return int(within.any(axis=1).sum())


def placebo_in_time(panel: Panel) -> Answer:
    """The same on data before enrollment, as if everybody had enrolled eight quarters early: should be near
    0.
    """
    before = np.where(panel.event < 0, panel.outcome, np.nan)
    early = np.where(panel.is_participant, panel.entry - PLACEBO_SHIFT, panel.entry)
    faked = Panel.of(before, early, panel.unit, panel.quarters)
    if not faked.is_participant.any() or units_with_both(faked, faked.is_participant) < 2:
        return NotEstimable("placebo", Reason.SHORT_HISTORY, "too little before enrollment", "13 quarters")
    answer = imputation(faked, PLACEBO, "placebo")
    if isinstance(answer, NotEstimable):
        return NotEstimable("placebo", Reason.SHORT_HISTORY, f"{panel.history} quarters", "13 or more")
    return answer


def without_each_unit(sums: UnitSums, window: Window) -> Floats:
    """The estimate without each firm in turn. Internal: it never leaves the building."""
    estimates = leave_one_out(sums, (window.first, window.last), ())[1:]
    _, cells = sums.within(window.first, window.last)
    return estimates[cells > 0]
