"""Which rows a correction may state anew: those whose change gives nobody away.

A correction stands beside what it corrects, so everybody can subtract. The change of a count is judged as a
count of its own, by the same rules; a firm's part of it counts by its size. The change of an amount (a mean,
a median, a sum of dollars) is judged by whose dollars moved; that every firm whose dollars moved stands for
one person at least is all that is known of people. What hangs together by sums, by means or by shared counts
is restated together or not at all, for a sum that changes tells what its parts hold back. A row that may not
change stays as it was shown (``vintages``, ``standing``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from scipy.cluster.hierarchy import DisjointSet

from reports.disclosure.amounts import Amount, Part
from reports.disclosure.cell_rules import Spread, judged
from reports.disclosure.joint import AMOUNT, DENOMINATOR, NUMERATOR, CellRef, Equation, Number, numbers_of
from reports.disclosure.policy import MeasureKind, Policy, Thresholds
from reports.disclosure.vintages import Before, Was

_Term = tuple[Number, int, Was]
"""A number of a sum, its sign, and what it was."""


@dataclass(frozen=True)
class Restating:
    """What decides which rows may be stated anew: the rows whose own change may not be shown (``held``), sums
    with what they are judged by (``terms``), and the group of rows that each hangs together with.
    """

    held: Collection[CellRef]
    terms: Sequence[tuple[Sequence[tuple[Number, int]], Thresholds]]
    group: Mapping[CellRef, CellRef]
    before: Before
    policy: Policy

    @classmethod
    def of(
        cls,
        tables: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]],
        ties: Iterable[Iterable[CellRef]],
        before: Before,
        policy: Policy,
        *,
        sums: Sequence[Equation] = (),
        amounts: Iterable[CellRef] = (),
    ) -> Restating:
        """``tables``: cells and contributors by name; ``ties``: rows that hang together; ``sums``: those that
        add up, whose hidden rows change by what the others leave; ``amounts``: rows whose amount may not
        (``betrays``).
        """
        kinds = {(name, cell): kind for name, (cells, _) in tables.items() for cell, kind in _kinds(cells)}
        numbers = [
            number
            for name, (cells, contributors) in tables.items()
            for number in numbers_of(name, cells, contributors)
        ]
        held = {
            number.row
            for number in numbers
            if number.role != AMOUNT
            and _betrays(number, before, policy, policy.thresholds(kinds[number.row]))
        }
        held |= {row for row in amounts if row in kinds}
        terms = [
            (found, policy.thresholds(_strictest(kinds[n.row] for n, _ in found)))
            for found in _terms(numbers, sums)
        ]
        return cls(held, terms, _groups(kinds, ties), before, policy)

    def free(self, hidden: Collection[CellRef] = ()) -> frozenset[CellRef]:
        """The rows that may be stated anew where this release hides those that are ``hidden``."""
        held = {*self.held}
        for terms, limits in self.terms:
            if _rest_betrays(terms, self.before, self.policy, limits, hidden):
                held |= {number.row for number, _ in terms}
        apart = {self.group[row] for row in held}
        return frozenset(row for row, group in self.group.items() if group not in apart)


def _terms(numbers: Sequence[Number], sums: Sequence[Equation]) -> Iterator[Sequence[tuple[Number, int]]]:
    """The numbers of each role that add up in a sum, each with its sign."""
    of_role = {(number.row, number.role): number for number in numbers}
    for equation in sums:
        for role in (DENOMINATOR, NUMERATOR, AMOUNT):
            found = [(of_role[row, role], sign) for row, sign in equation.items() if (row, role) in of_role]
            if found:
                yield found


def _groups(rows: Iterable[CellRef], ties: Iterable[Iterable[CellRef]]) -> Mapping[CellRef, CellRef]:
    """One row of those that each hangs together with."""
    together: DisjointSet = DisjointSet(rows)
    for tied in ties:
        known = [row for row in tied if row in together]
        for other in known[1:]:
            together.merge(known[0], other)
    return {row: together[row] for row in together}


def _strictest(kinds: Iterable[MeasureKind]) -> MeasureKind:
    return MeasureKind.WAGE_DERIVED if MeasureKind.WAGE_DERIVED in {*kinds} else MeasureKind.COUNT


def tied(equations: Iterable[Equation], wholes: Iterable[tuple[str, pd.DataFrame]]) -> Iterator[set[CellRef]]:
    """Rows of one sum, and all rows of a measure of the tables that do not say how they add up."""
    yield from (set(equation) for equation in equations)
    for name, cells in wholes:
        for _, measured in cells.groupby("metric_id")["cell_id"]:
            yield {(name, cell) for cell in measured}


def _kinds(cells: pd.DataFrame) -> Iterator[tuple[str, MeasureKind]]:
    for cell, is_wage in zip(cells["cell_id"], cells["is_wage_derived"].fillna(True), strict=True):
        yield cell, limits_of(is_wage)


def limits_of(is_wage_derived: bool) -> MeasureKind:
    """The rules that a row is held to."""
    return MeasureKind.WAGE_DERIVED if is_wage_derived else MeasureKind.COUNT


def betrays(now: Amount, before: Sequence[Amount], limits: Thresholds, policy: Policy, is_paid: bool) -> bool:
    """Whether an amount beside what earlier releases showed of it (oldest first) is about too few.

    ``is_paid``: a sum of dollars that firms paid, which is about no single person. Where no earlier parts
    are known, nobody knows whose dollars moved, and that is too few.
    """
    others = [one for one in before if one.shown != now.shown] or list(before[-1:])
    return not others or any(
        judged(_moved(now.parts, one.parts, is_paid), limits, policy.protection, zeros="sensitive")
        is not None
        for one in others
    )


_NONE: Part = (0, 0)


def _moved(now: Mapping[str, Part], before: Mapping[str, Part], is_paid: bool) -> Spread:
    """The firms whose part changed, by dollars; by persons where the amount is none of dollars."""
    firms = {*now, *before}
    changes = [
        tuple(a - b for a, b in zip(now.get(f, _NONE), before.get(f, _NONE), strict=True)) for f in firms
    ]
    has_dollars = any(cents for parts in (now, before) for cents, _ in parts.values())
    moved = [(abs(cents if has_dollars else people), abs(people)) for cents, people in changes]
    sizes = sorted((size for size, _ in moved if size), reverse=True)
    people = sum(max(1, persons) for size, persons in moved if size)
    return Spread(sum(sizes), len(sizes), sum(sizes[:1]), sum(sizes[1:2]), None if is_paid else people)


def _betrays(number: Number, before: Before, policy: Policy, limits: Thresholds) -> bool:
    """Whether the change from any earlier release that shows another number is about too few."""
    return any(
        judged(_difference([(number, 1, was)]), limits, policy.protection, zeros="sensitive") is not None
        for was in before.shown(number.key)
        if was.units != number.units
    )


def _rest_betrays(
    terms: Sequence[tuple[Number, int]],
    before: Before,
    policy: Policy,
    limits: Thresholds,
    hidden: Collection[CellRef],
) -> bool:
    """Whether what the shown rows of a sum leave of its change, the hidden rows' together, is about too
    few.
    """
    for release in before.releases:
        seen, rest = list[_Term](), list[_Term]()
        for number, sign in terms:
            was = release.get(number.key)
            if was is not None:
                is_seen = was.is_shown and number.row not in hidden
                (seen if is_seen else rest).append((number, sign, was))
        change = _difference(rest)
        if not change.persons or all(was.units == number.units for number, _, was in seen):
            continue
        if rest[0][0].role == AMOUNT:
            change = replace(change, persons=None)
        if judged(change, limits, policy.protection, zeros="sensitive") is not None:
            return True
    return False


def _difference(terms: Iterable[_Term]) -> Spread:
    """Who is behind the change of a sum of numbers, each with its sign."""
    parts: defaultdict[str, int] = defaultdict(int)
    total = 0
    for number, sign, was in terms:
        sign *= number.sign
        total += sign * (number.units - was.units)
        for behind, side in ((number.parts, sign), (was.parts, -sign)):
            for firm, units in behind.items():
                parts[firm] += side * units
    moved = sorted((abs(units) for units in parts.values() if units), reverse=True)
    return Spread(max(sum(moved), abs(total)), len(moved), sum(moved[:1]), sum(moved[1:2]), abs(total))
