"""Which counts a correction may state anew: those whose change gives nobody away.

A correction stands beside what it corrects, so everybody can subtract. The change of a count is judged as a
count of its own, by the same rules; a firm's part of it counts by its size. What hangs together by sums or by
shared counts is restated together or not at all, for a sum that changes tells what its parts hold back. A
count that may not change stays as it was shown (``vintages``) until the next scheduled release.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd
from scipy.cluster.hierarchy import DisjointSet

from reports.disclosure.cell_rules import Spread, judged
from reports.disclosure.joint import AMOUNT, CellRef, Equation, Number, numbers_of
from reports.disclosure.policy import MeasureKind, Policy, Thresholds
from reports.disclosure.vintages import Before


def restatable(
    tables: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
    ties: Iterable[Iterable[CellRef]],
    before: Before,
    policy: Policy,
) -> frozenset[CellRef]:
    """The rows whose counts may be stated anew. ``tables``: cells and contributors by name; ``ties``: rows
    that hang together.
    """
    limits = {(name, cell): found for name, (cells, _) in tables.items() for cell, found in _limits(cells)}
    held = {
        number.row
        for name, (cells, contributors) in tables.items()
        for number in numbers_of(name, cells, contributors)
        if _changed(number, before)
        and _betrays(number, before, policy, policy.thresholds(limits[number.row]))
    }
    together: DisjointSet = DisjointSet(limits)
    for tied in ties:
        known = [row for row in tied if row in limits]
        for other in known[1:]:
            together.merge(known[0], other)
    apart = {together[row] for row in held}
    return frozenset(row for row in limits if together[row] not in apart)


def tied(equations: Iterable[Equation], wholes: Iterable[tuple[str, pd.DataFrame]]) -> Iterator[set[CellRef]]:
    """Rows of one sum, and all rows of a measure of the tables that do not say how they add up."""
    yield from (set(equation) for equation in equations)
    for name, cells in wholes:
        for _, measured in cells.groupby("metric_id")["cell_id"]:
            yield {(name, cell) for cell in measured}


def _limits(cells: pd.DataFrame) -> Iterator[tuple[str, MeasureKind]]:
    for cell, is_wage in zip(cells["cell_id"], cells["is_wage_derived"].fillna(True), strict=True):
        yield cell, MeasureKind.WAGE_DERIVED if is_wage else MeasureKind.COUNT


def _changed(number: Number, before: Before) -> bool:
    return number.role != AMOUNT and before.shown.get(number.key, number.units) != number.units


def _betrays(number: Number, before: Before, policy: Policy, limits: Thresholds) -> bool:
    parts: defaultdict[str, int] = defaultdict(int, number.parts)
    for firm, units in before.parts[number.key].items():
        parts[firm] -= units
    moved = sorted((abs(units) for units in parts.values() if units), reverse=True)
    people = abs(number.units - before.shown[number.key])
    spread = Spread(max(sum(moved), people), len(moved), sum(moved[:1]), sum(moved[1:2]), people)
    return judged(spread, limits, policy.protection, zeros="sensitive") is not None
