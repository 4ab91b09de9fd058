"""Which rows of a release are hidden: those that fail a rule, and those that would give them away.

The joint system of all published numbers goes to the protector; what it hides comes back as hidden rows with
the rule or the attack that hides each. Rules are ``rules``, the system is ``joint``, publishing is ``gate``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log10
from types import MappingProxyType

import numpy as np
import pandas as pd

from contracts.errors import DisclosureError
from reports.disclosure.cell_rules import Spread, judged
from reports.disclosure.joint import (
    AMOUNT,
    DENOMINATOR,
    NUMERATOR,
    REST,
    CellRef,
    Equation,
    Joint,
    Number,
    joined,
    numbers_of,
    system_of,
)
from reports.disclosure.policy import MeasureKind, Policy
from reports.disclosure.protect.evidence import Evidence, Named, evidence
from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.knowledge import Flow
from reports.disclosure.protect.merging import Merged, merged
from reports.disclosure.protect.search import UP, Demand, Effort, Pattern, protect
from reports.disclosure.protect.system import Flags, Floats, Integers, Needs, System
from reports.disclosure.protect.tables import ROUNDING
from reports.disclosure.rules import FINDING_COLUMNS, Reason
from reports.measures import Statistic

EFFORT = Effort(seed=0, rounds=40)
"""Fixed, so that a release can be made again to the byte."""

EARLIER = "hidden in an earlier release"
COUNTS, AMOUNTS = "counts", "amounts"
SYSTEMS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {COUNTS: {"unit": "persons"}, AMOUNTS: {"unit": "cents"}}
)
"""The systems of the evidence and their units; which rules bind a cell is its measure's."""


@dataclass(frozen=True)
class Asking:
    """A table that asks to be published, as far as hiding is concerned.

    ``is_whole``: a measure with one hidden row is hidden whole (how its rows add up is not declared, or must
    be seen). ``depends``: rows that may be shown only if another row is. ``plain_denominators``: measures
    derived from wages whose denominator is not. ``weight``: what hiding a row costs.
    """

    name: str
    cells: pd.DataFrame
    contributors: pd.DataFrame
    found: pd.DataFrame
    plain: pd.DataFrame
    equations: tuple[Equation, ...]
    is_whole: bool
    depends: tuple[tuple[CellRef, CellRef], ...]
    plain_denominators: frozenset[str]
    weight: float


@dataclass(frozen=True)
class Suppressed:
    """The hidden rows, why the further ones are, the evidence, and every rule that a row breaks."""

    rows: frozenset[CellRef]
    protects: Mapping[CellRef, tuple[CellRef, ...]]
    evidence: Evidence
    found: Mapping[str, pd.DataFrame]


def suppressed(tables: Sequence[Asking], policy: Policy) -> Suppressed:
    """Hide rows until nobody can work out what a rule hides.

    DisclosureError DIS-005 where that cannot be done, DIS-006 for a policy that asks for more than is proved.
    """
    _refuse_coalitions(policy)
    _refuse_noise(policy)
    closure, joint = _Closure(tables), _joint(tables)
    tables = [replace(table, found=_with_sides(table, joint, policy)) for table in tables]
    forced = closure.of({(t.name, cell) for t in tables for cell in t.found["cell_id"]})
    system = _system(joint, tables, policy, forced)
    small = merged(system)
    pattern = protect(small.system, ProgramFinder(small.system), EFFORT)
    if pattern.unprotected:
        system = _with_unlisted(system)
        small = merged(system)
        pattern = protect(small.system, ProgramFinder(small.system), EFFORT)
    _refuse_unprotected(pattern, small, joint)
    by_cell = Pattern(
        small.spread_flags(pattern.hidden),
        _spread(pattern, small, system.needs),
        (),
    )
    hidden = closure.of(forced | _rows(joint, by_cell.hidden))
    return Suppressed(
        frozenset(hidden),
        _protects(joint, by_cell),
        _evidence(joint, system, by_cell, tables, hidden),
        {table.name: table.found for table in tables},
    )


def price(cost: str, units: int) -> float:
    """What hiding a number costs beside others of its row: one, its order of magnitude, or what it holds."""
    return {"unit": 1.0, "log": 1.0 + log10(units + 1), "value": float(max(units, 1))}[cost]


def _refuse_coalitions(policy: Policy) -> None:
    if policy.coalition > 1:
        raise DisclosureError(
            "DIS-006",
            found=f"a policy against coalitions of {policy.coalition} firms",
            expected="single firms as attackers",
            where=f"the disclosure policy {policy.name}",
            remedy="Set coalition to 1: nothing here proves more, and a promise that is not proved is none.",
        )


def _refuse_noise(policy: Policy) -> None:
    if policy.mechanism != "suppress":
        raise DisclosureError(
            "DIS-006",
            found=f"the mechanism {policy.mechanism}",
            expected="suppress: a release shows true values or none",
            where=f"the disclosure policy {policy.name}",
            remedy="Distort tables of one's own with `guildhall disclose`; a home's releases hide cells.",
        )


class _Closure:
    """Rows that go when others go: what depends on them, and the rest of a measure that is shown whole."""

    def __init__(self, tables: Sequence[Asking]) -> None:
        self._dependents: dict[CellRef, set[CellRef]] = defaultdict(set)
        for table in tables:
            for row, other in table.depends:
                self._dependents[other].add(row)
            if table.is_whole:
                self._together(table.name, table.cells)
            # A mean times its count is a sum, which is in no system: means of a measure go together.
            self._together(table.name, table.cells[table.cells["statistic"] == Statistic.MEAN])

    def _together(self, name: str, cells: pd.DataFrame) -> None:
        for _, measured in cells.groupby("metric_id")["cell_id"]:
            rows = {(name, cell) for cell in measured}
            for row in rows:
                self._dependents[row] |= rows

    def of(self, rows: Iterable[CellRef]) -> set[CellRef]:
        """``rows`` and all that go with them."""
        found, more = set[CellRef](), list(rows)
        while more:
            row = more.pop()
            if row not in found:
                found.add(row)
                more += self._dependents[row] - found
        return found


def _joint(tables: Sequence[Asking]) -> Joint:
    numbers = [n for t in tables for n in numbers_of(t.name, t.cells, t.contributors)]
    equations = [equation for t in tables for equation in t.equations]
    return joined(numbers, equations, [pair for t in tables for pair in t.depends])


def _with_unlisted(system: System) -> System:
    """The system with what sums miss taken for what it is: people in groups that are not listed, never shown.

    Taking it as known is stricter, and more than can be met where the listed groups are few.
    """
    return replace(system, locked=system.locked | system.kept, kept=np.zeros(system.size, dtype=bool))


def _with_sides(table: Asking, joint: Joint, policy: Policy) -> pd.DataFrame:
    """What a table breaks, with the two sides of every rate judged as the counts that they are."""
    rows, limits = [], policy.thresholds(MeasureKind.COUNT)
    metrics = dict(zip(table.cells["cell_id"], table.cells["metric_id"], strict=True))
    for (row, role), place in joint.place.items():
        if row[0] == table.name and role in (NUMERATOR, REST):
            level = judged(_spread_of(joint.numbers[place]), limits, policy.protection, zeros=policy.zeros)
            if level is not None:
                rows.append((row[1], metrics[row[1]], str(level.reason), role))
    sides = pd.DataFrame(rows, columns=list(FINDING_COLUMNS))
    found = pd.concat([table.found, sides]) if rows else table.found
    return found.sort_values(list(FINDING_COLUMNS)).reset_index(drop=True)


def _spread_of(number: Number) -> Spread:
    largest = sorted(number.parts.values(), reverse=True)[:2]
    persons = None if number.role == AMOUNT else number.units
    return Spread(number.units, len(number.parts), sum(largest[:1]), sum(largest[1:]), persons)


def _system(joint: Joint, tables: Sequence[Asking], policy: Policy, forced: set[CellRef]) -> System:
    """The joint system with its needs, its costs, and what no row shows any more as locked."""
    size = len(joint.numbers)
    needs = _needs(joint, tables, policy)
    plain = system_of(joint, needs, np.zeros(size), np.arange(size))
    class_of = merged(plain).class_of
    prices = np.array([price(policy.cost, number.units) for number in joint.numbers])
    weights, group = _costs(joint, {t.name: t.weight for t in tables}, class_of)
    weights = weights * prices
    system = system_of(joint, needs, weights, group)
    shown = np.array([number.row not in forced for number in joint.numbers])
    class_shown = np.bincount(class_of, weights=shown) > 0
    locked = ~class_shown[class_of] & ~needs.is_primary
    return replace(system, locked=locked)


def _needs(joint: Joint, tables: Sequence[Asking], policy: Policy) -> Needs:
    up, down = (np.zeros(len(joint.numbers), dtype=np.int64) for _ in range(2))
    for table in tables:
        kinds = dict(zip(table.cells["cell_id"], table.cells["is_wage_derived"], strict=True))
        for cell, measured_by in zip(table.found["cell_id"], table.found["measured_by"], strict=True):
            kind = MeasureKind.WAGE_DERIVED if kinds[cell] else MeasureKind.COUNT
            for role in _roles(str(measured_by), (table.name, cell), joint, table, policy):
                place = joint.place[(table.name, cell), role]
                level = _level(joint.numbers[place], kind, policy)
                up[place] = max(up[place], level)
                down[place] = min(up[place], joint.numbers[place].units)
    return Needs(up, down)


def _roles(measured_by: str, row: CellRef, joint: Joint, table: Asking, policy: Policy) -> list[str]:
    """Which numbers of a row a finding is about; firms' dollars and the data's age are about all of them."""
    if measured_by in ("distribution", EARLIER):
        return []
    roles = [role for ref, role in _numbers_of_row(row, joint)]
    if measured_by in ("numerator_persons", NUMERATOR):
        return [role for role in roles if role == NUMERATOR]
    if measured_by == REST:
        return [role for role in roles if role == REST]
    if measured_by == "sides of the rate":
        sides = [role for role in roles if role in (NUMERATOR, REST)]
        floor = policy.thresholds(MeasureKind.COUNT).min_persons
        return [role for role in sides if 0 < joint.numbers[joint.place[row, role]].units < floor]
    metric = table.cells.loc[table.cells["cell_id"] == row[1], "metric_id"].iloc[0]
    if metric in table.plain_denominators and row[1] not in set(table.plain["cell_id"]):
        return [role for role in roles if role != DENOMINATOR]
    return roles


def _numbers_of_row(row: CellRef, joint: Joint) -> list[tuple[CellRef, str]]:
    roles = (DENOMINATOR, NUMERATOR, REST, AMOUNT)
    return [(row, role) for role in roles if (row, role) in joint.place]


def _level(number: Number, kind: MeasureKind, policy: Policy) -> int:
    """How far a hidden number must stay open: the level of the rule it breaks, or the policy's width."""
    level = judged(_spread_of(number), policy.thresholds(kind), policy.protection, zeros="sensitive")
    width = policy.protection
    least = max(-(-number.units * int(width.share * 10_000) // 10_000), width.units, 1)
    return max(least, level.up if level else 0)


def _costs(joint: Joint, weight: Mapping[str, float], class_of: Integers) -> tuple[Floats, Integers]:
    """What hiding each number costs in rows, and the groups of numbers that only one row shows.

    A row is lost once, whichever of its numbers goes: numbers that no other row shows are hidden together.
    """
    rows_of = defaultdict[int, set[CellRef]](set)
    for place, number in enumerate(joint.numbers):
        rows_of[int(class_of[place])].add(number.row)
    weights, group = np.zeros(len(joint.numbers)), np.arange(len(joint.numbers))
    for (row, role), place in joint.place.items():
        alone = len(rows_of[int(class_of[place])]) == 1
        first = joint.place.get((row, NUMERATOR), place)
        together = alone and len(rows_of[int(class_of[first])]) == 1
        group[place] = first if together else place
        costs = role != REST and not (together and place != first)
        weights[place] = weight[row[0]] if costs else 0.0
    return weights, group


def _refuse_unprotected(pattern: Pattern, small: Merged, joint: Joint) -> None:
    if not pattern.unprotected:
        return
    first = pattern.unprotected[0]
    cell = joint.numbers[int(np.flatnonzero(small.class_of == first.target)[0])]
    raise DisclosureError(
        "DIS-005",
        found=f"{len(pattern.unprotected)} hidden numbers that cannot be protected",
        expected="every hidden number open to every attacker",
        where=f"{cell.row[0]}, cell {cell.row[1]}, against {'one firm' if first.attacker else 'the public'}",
        remedy="Publish a coarser table, or leave the measure out of it.",
    )


def _spread(pattern: Pattern, small: Merged, needs: Needs) -> dict[Demand, tuple[Flow, ...]]:
    """The proofs of classes as proofs of every cell in them that has a need."""
    found = {}
    members = defaultdict(list)
    for cell in np.flatnonzero(needs.is_primary).tolist():
        members[int(small.class_of[cell])].append(cell)
    for (target, sign), flows in pattern.proofs.items():
        wide = tuple(small.spread(flow) for flow in flows)
        for cell in members[target]:
            if (needs.up if sign == UP else needs.down)[cell] > 0:
                found[cell, sign] = wide
    return found


def _rows(joint: Joint, hidden: Flags) -> set[CellRef]:
    rows = {joint.numbers[place].row for place in np.flatnonzero(hidden).tolist()}
    return {row for row in rows if row[0] != ROUNDING}


def _protects(joint: Joint, pattern: Pattern) -> dict[CellRef, tuple[CellRef, ...]]:
    """For every row the rows whose alternative tables need it hidden."""
    found: dict[CellRef, set[CellRef]] = defaultdict(set)
    for (target, _), flows in pattern.proofs.items():
        for flow in flows:
            for row in _rows(joint, np.isin(np.arange(len(joint.numbers)), flow.cells)):
                found[row].add(joint.numbers[target].row)
    return {row: tuple(sorted(targets - {row})) for row, targets in sorted(found.items())}


def _evidence(
    joint: Joint, system: System, pattern: Pattern, tables: Sequence[Asking], hidden: set[CellRef]
) -> Evidence:
    """The evidence as published: a number is shown when a row that is shown shows it."""
    reasons = {(t.name, row.cell_id): str(row.reason) for t in tables for row in t.found.itertuples()}
    class_of = merged(system).class_of
    is_row_shown = np.array(
        [
            (n.row[0] == ROUNDING and known)
            or (n.row not in hidden and n.row[0] != ROUNDING and n.role != REST)
            for n, known in zip(joint.numbers, system.kept, strict=True)
        ]
    )
    shown = (np.bincount(class_of, weights=is_row_shown) > 0)[class_of]
    for (row, role), place in joint.place.items():
        if role == REST:
            shown[place] |= shown[joint.place[row, NUMERATOR]] and shown[joint.place[row, DENOMINATOR]]
    final = Pattern(~shown, pattern.proofs, ())
    unlocked = replace(system, locked=np.zeros(system.size, dtype=bool))
    named = Named(
        system=[AMOUNTS if number.role == AMOUNT else COUNTS for number in joint.numbers],
        table_name=[number.row[0] for number in joint.numbers],
        key=[number.key for number in joint.numbers],
        reason=[
            reasons.get(n.row, str(Reason.COMPLEMENTARY)) if primary else ""
            for n, primary in zip(joint.numbers, system.needs.is_primary, strict=True)
        ],
    )
    return evidence(unlocked, final, named)
