"""How the effect differs between groups of participants: by who they are, and by how much support they had.

One pass of the default estimator, its gaps split by group, so the groups' effects average to the whole.
Descriptions: nobody is put into a group by chance, and no careful interval is there for a difference. Which
groups there are is the warehouse's; words and pages are elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reports.impact.imputation import outcome_columns
from reports.impact.panel import Bools, Floats, Floors, Panel, Window
from reports.impact.results import Answer, Estimate, NotEstimable, Reason
from reports.impact.sums import Design, person_gaps

MIN_REST = 10
"""A group is not told of where fewer others than this are left: the effect on all would tell of those few."""


@dataclass(frozen=True)
class GroupEffect:
    """One group's effect, and how far it lies above that of those it is held against (None: nobody)."""

    group: str
    effect: Answer
    contrast: Answer | None


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
        gaps, cells = self._by_unit(chosen)
        value = gaps.sum() / cells.sum()
        return self._estimate("effect", value, (gaps - cells * value) / cells.sum(), chosen)

    def contrast(self, one: Bools, other: Bools) -> Answer:
        """The difference of two groups' mean effects: firms' deviations of both are taken together."""
        refused = self._refusal(one) or self._refusal(other)
        if refused is not None:
            return refused
        sums = [self._by_unit(one), self._by_unit(other)]
        values = [gaps.sum() / cells.sum() for gaps, cells in sums]
        scores = [
            (gaps - cells * value) / cells.sum() for (gaps, cells), value in zip(sums, values, strict=True)
        ]
        return self._estimate("contrast", values[0] - values[1], scores[0] - scores[1], one | other)

    def _estimate(self, name: str, value: float, scores: Floats, chosen: Bools) -> Estimate:
        behind = chosen & (self.cells > 0)
        units = len(np.unique(self.panel.unit[behind]))
        return Estimate(
            name=name,
            value=float(value),
            se=float(np.sqrt(units / (units - 1) * (scores**2).sum())),
            df=units - 1,
            persons=int(behind.sum()),
            units=units,
            cells=int(self.cells[behind].sum()),
        )

    def _by_unit(self, chosen: Bools) -> tuple[Floats, Floats]:
        size, unit = self.panel.unit_count, self.panel.unit[chosen]
        gaps: Floats = np.bincount(unit, self.gaps[chosen], minlength=size).astype(np.float64)
        cells: Floats = np.bincount(unit, self.cells[chosen], minlength=size).astype(np.float64)
        return gaps, cells

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


def group_effects(gaps: Gaps, groups: list[str | None], reference: str | None) -> Iterator[GroupEffect]:
    """Every group of one dimension: ``groups`` has each person's, None where it is not known.

    Held against ``reference`` where it is fixed in advance, else against all others whose group is known. Of
    two groups only the first is held against the other.
    """
    named = np.array(["" if one is None else one for one in groups], dtype=object)
    is_known = (named != "") & gaps.panel.is_participant
    every = sorted({str(one) for one in named[is_known]})
    mirrored = every[1:] if len(every) == 2 and reference is None else []
    for group in every:
        own = is_known & (named == group)
        other = is_known & (named != group if reference is None else named == reference)
        has_none = group == reference or group in mirrored or not other.any()
        contrast = None if has_none else gaps.contrast(own, other)
        yield GroupEffect(group, gaps.effect(own), contrast)
