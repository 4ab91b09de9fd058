"""How the effect differs between groups of participants: by who they are, and by how much support they had.

One pass of the default estimator, its gaps split by group, so the groups' effects average to the whole.
Descriptions: nobody is put into a group by chance, and no careful interval is there for a difference. Which
groups there are is the warehouse's; words and pages are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reports.impact.imputation import outcome_columns
from reports.impact.panel import Bools, Floats, Floors, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason
from reports.impact.sums import Design, person_gaps

Names = npt.NDArray[np.object_]

MIN_REST = 10
"""A group is not told of where fewer others than this are left: the effect on all would tell of those few."""


@dataclass(frozen=True)
class GroupEffect:
    """One group's effect, and how far it lies above that of those it is held against (None: nobody).

    ``own`` are the group's participants, ``other`` those it is held against.
    """

    group: str
    effect: Answer
    contrast: Answer | None
    own: Bools
    other: Bools


@dataclass(frozen=True)
class Gaps:
    """The pass: per person the gap summed over the window, and its cells; persons in the panel's order."""

    panel: Panel
    gaps: Floats
    cells: Floats
    floors: Floors

    @classmethod
    def of(cls, panel: Panel, window: Window, floors: Floors | None = None) -> Gaps:
        """One pass over a panel of all participants and everybody who never enrolled."""
        design = Design(
            columns=lambda persons: outcome_columns(panel, persons),
            untreated=panel.untreated(window.skip),
            events=(window.first, window.last),
        )
        return cls(panel, *person_gaps(panel, design), floors or Floors())

    def effect(self, chosen: Bools) -> Answer:
        """The mean effect on some participants, clustered by unit."""
        refused = self._refusal(chosen)
        if refused is not None:
            return refused
        return self._estimate("effect", *self._mean(chosen), chosen)

    def contrast(self, one: Bools, other: Bools) -> Answer:
        """The difference of two groups' mean effects: firms' deviations of both are taken together."""
        refused = self._refusal(one) or self._refusal(other)
        if refused is not None:
            return refused
        (value, scores), (held, scores_of_held) = self._mean(one), self._mean(other)
        return self._estimate("contrast", value - held, scores - scores_of_held, one | other)

    def _estimate(self, name: str, value: float, scores: Floats, chosen: Bools) -> Estimate:
        behind = chosen & (self.cells > 0)
        units = len(np.unique(self.panel.unit[behind]))
        return Estimate(
            name=name,
            value=value,
            se=float(np.sqrt(units / (units - 1) * (scores**2).sum())),
            df=units - 1,
            persons=int(behind.sum()),
            units=units,
            cells=int(self.cells[behind].sum()),
        )

    def _mean(self, chosen: Bools) -> tuple[float, Floats]:
        """The mean gap of a cell, and how far each unit pulls it."""
        size, unit = self.panel.unit_count, self.panel.unit[chosen]
        gaps: Floats = np.bincount(unit, self.gaps[chosen], minlength=size).astype(np.float64)
        cells: Floats = np.bincount(unit, self.cells[chosen], minlength=size).astype(np.float64)
        value = float(gaps.sum() / cells.sum())
        return value, (gaps - cells * value) / cells.sum()

    def _refusal(self, chosen: Bools) -> NotEstimable | None:
        behind = chosen & (self.cells > 0)
        persons, units = int(behind.sum()), len(np.unique(self.panel.unit[behind]))
        if persons < self.floors.participants:
            needed = f"{self.floors.participants}"
            return NotEstimable("effect", Reason.FEW_PARTICIPANTS, "fewer participants", needed)
        if units < self.floors.units:
            return NotEstimable("effect", Reason.FEW_UNITS, "fewer firms", f"{self.floors.units}")
        rest = int((~chosen & (self.cells > 0)).sum())
        if 0 < rest < MIN_REST:
            return NotEstimable("effect", Reason.FEW_PARTICIPANTS, "too few others", f"{MIN_REST} or none")
        return None


def group_effects(gaps: Gaps, named: Names, reference: str | None) -> Iterator[GroupEffect]:
    """Every group of one dimension: ``named`` has each person's, blank where it is not known.

    Held against ``reference`` where it is fixed in advance, else against all others whose group is known. Of
    two groups only the first is held against the other.
    """
    is_known = (named != "") & gaps.panel.is_participant
    every = sorted({str(one) for one in named[is_known]})
    mirrored = every[1:] if len(every) == 2 and reference is None else []
    for group in every:
        own = is_known & (named == group)
        other = is_known & (named != group if reference is None else named == reference)
        has_none = group == reference or group in mirrored or not other.any()
        contrast = None if has_none else gaps.contrast(own, other)
        yield GroupEffect(group, gaps.effect(own), contrast, own, other)
