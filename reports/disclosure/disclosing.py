"""Tables of cells, protected: from sound tables and a policy to what may be shown, with the proof and the
reasons.

Firms are not named in such tables, so the least is assumed that an attacker could be: in every cell its
largest firm, which knows its part, and alone in the cell knows all of it. Reading files is
``tables_of_cells``; writing is the command's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from contracts.errors import DisclosureError
from reports.disclosure.cell_rules import Spread, judged
from reports.disclosure.levels import Chosen
from reports.disclosure.policy import MeasureKind, Policy
from reports.disclosure.protect.circuits import Tell, is_worthwhile, protect_cube
from reports.disclosure.protect.cube import linked_cube
from reports.disclosure.protect.evidence import (
    LOCKED,
    PRIMARY,
    PUBLISHED,
    SECONDARY,
    Evidence,
    Named,
    evidence,
    status_of,
)
from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.merging import Merged, merged
from reports.disclosure.protect.search import UP, Effort, Pattern, Search
from reports.disclosure.protect.system import Contributors, Needs, System, plain_system
from reports.disclosure.protect.tables import (
    ROUNDING,
    CellTable,
    Hierarchy,
    Linked,
    cell_key,
    key_text,
    link,
)
from reports.disclosure.tables_of_cells import Given, GivenCell, GivenTable, Nodes

SYSTEM = "cells"
OTHERS = "(others)"
"""Stands for everybody but the largest firm of a cell with several: known to be there, known to know
nothing.
"""

NOT_PUBLISHED = "its level is not published"

_TELLING_DIGITS = 6
"""A largest part of so many digits, met in two cells, is taken for the same firm's."""


@dataclass(frozen=True)
class Distortion:
    """What noise made of the cells: ``values`` in whole units by cell, and for the auditor every contribution
    with what is shown of it and every firm's factor. ``close``: hidden cells whose distorted value, which
    follows by subtraction, is nearer to the true one than the policy's width.
    """

    values: Mapping[str, int]
    contributions: pd.DataFrame
    factors: pd.DataFrame
    close: int


@dataclass(frozen=True)
class Disclosed:
    """Which cells are shown, and everything that stands behind that, cells in the order of the evidence.

    ``why``: for each hidden cell its rule, or the cells that it protects. ``spreads``: for each cell firms,
    largest, second, persons (the last two −1 where unknown). ``chosen``: the levels, where they were planned.
    ``distortion``: what is shown instead of true values, where noise is the mechanism.
    """

    given: Given
    names: tuple[str, ...]
    tables: tuple[str, ...]
    status: tuple[str, ...]
    why: tuple[str, ...]
    evidence: Evidence
    spreads: pd.DataFrame
    chosen: Chosen | None = None
    distortion: Distortion | None = None

    def shown(self, table: GivenTable, nodes: Nodes) -> bool:
        """Whether a cell of a table is shown."""
        return self._status[key_text(cell_key(table.dimensions, nodes))] == PUBLISHED

    def figure(self, table: GivenTable, nodes: Nodes) -> Decimal:
        """What is shown of a shown cell: its value, or what noise made of it."""
        value = table.cells[nodes].value
        if self.distortion is None:
            return value
        units = self.distortion.values[key_text(cell_key(table.dimensions, nodes))]
        return Decimal(units).scaleb(-self.given.decimals)

    def rows(self, table: GivenTable) -> Iterator[tuple[Nodes, GivenCell]]:
        """The cells of a table that have a row in public, shown or hidden: those of published levels."""
        for nodes, cell in table.cells.items():
            if self.chosen is None or self.chosen.publishes(table, nodes):
                yield nodes, cell

    @property
    def counts(self) -> Mapping[str, int]:
        """How many cells of published levels have each status, and how many are LOCKED: of other levels."""
        has_row = [True] * len(self.names) if self.chosen is None else self.chosen.has_row.tolist()
        states = [state if is_in else LOCKED for state, is_in in zip(self.status, has_row, strict=True)]
        return {state: states.count(state) for state in (PUBLISHED, PRIMARY, SECONDARY, LOCKED)}

    @cached_property
    def _status(self) -> Mapping[str, str]:
        return dict(zip(self.names, self.status, strict=True))

    def meta(self, policy: Policy, effort: Effort, kind: MeasureKind) -> dict[str, Any]:
        """What the evidence says of itself."""
        facts = {"unit": "amount", "decimals": self.given.decimals, "kind": str(kind)}
        said = {
            "systems": {SYSTEM: facts},
            "policy": policy.name,
            "seed": effort.seed,
            "rounds": effort.rounds,
            "unprotectable": [],
        }
        return said if self.chosen is None else said | {"levels": self.levels_said()}

    def levels_said(self) -> dict[str, Any]:
        """The levels as manifest and evidence name them; of a cuboid each dimension's level by number."""
        if self.chosen is None:
            return {}
        return {
            "names": {name: [*words] for name, words in self.chosen.levels.names.items()},
            "published": [dict(cuboid) for cuboid in self.chosen.published],
            "withheld": [dict(cuboid) for cuboid in self.chosen.withheld],
        }


@dataclass(frozen=True)
class Problem:
    """Tables as one system, and what it is judged by: what there is to protect, before anything is hidden."""

    given: Given
    policy: Policy
    kind: MeasureKind
    linked: Linked
    cells: Sequence[GivenCell | None]
    system: System

    @classmethod
    def of(cls, given: Given, policy: Policy, kind: MeasureKind) -> Problem:
        """The system of all cells, judged by the policy's rules."""
        linked = linked_of(given)
        cells = cells_of(linked, given)
        system = _system(linked, cells, given, _needs(cells, given, policy, kind))
        return cls(given, policy, kind, linked, cells, system)


def unjudged(
    policy: Policy, kind: MeasureKind, given: Given, *, knows_firms: bool = False
) -> tuple[str, ...]:
    """The rules that such tables cannot be held to, in words: what they need is not in the files.

    ``knows_firms``: every firm's contribution is.
    """
    limits = policy.thresholds(kind)
    cells = [cell for table in given.tables for cell in table.cells.values()]
    has_largest = any(cell.largest is not None for cell in cells)
    found = []
    if limits.min_persons > 0 and not any(cell.persons is not None for cell in cells):
        found.append("the least number of persons (no column of persons is given)")
    if not (has_largest or knows_firms) and (limits.max_firm_share is not None or limits.dominance):
        found.append("the largest firm's share (no column of largest parts is given)")
    if not knows_firms and (any(n > 1 for n, _ in limits.dominance) or limits.p_percent is not None):
        found.append("what the second-largest firm could work out (tables of cells do not name its part)")
    if limits.min_age_days:
        found.append("the age of the data")
    return tuple(found)


def disclose(given: Given, policy: Policy, kind: MeasureKind, effort: Effort, tell: Tell) -> Disclosed:
    """Hide what fails the policy's rules, and what would give that away, to anybody or to any largest firm.

    DisclosureError CEL-012 where a cell cannot be protected whatever else is hidden, CEL-018 where the policy
    asks for noise.
    """
    require_true_values(policy)
    problem = Problem.of(given, policy, kind)
    return disclosed(problem, protected(problem, effort, tell))


def require_true_values(policy: Policy) -> None:
    """DisclosureError CEL-018 where a policy distorts: that takes every firm's contribution."""
    if policy.mechanism != "suppress":
        raise DisclosureError(
            "CEL-018",
            found=f"the mechanism {policy.mechanism}, and cells alone",
            expected="what each firm contributed, and the secret that its factor follows from",
            where=f"the disclosure policy {policy.name}",
            remedy="Name them with --contributions, --firm and --noise-key; noise has no --plan.",
        )


def protected(problem: Problem, effort: Effort, tell: Tell) -> Pattern:
    """The pattern of a problem's cells; what stays open is in it."""
    small = merged(problem.system)
    found = _pattern(problem.linked, small, problem.given, effort, tell)
    return Pattern(
        small.spread_flags(found.hidden),
        _spread(found, small, problem.system.needs),
        tuple(
            replace(one, target=int(np.flatnonzero(small.class_of == one.target)[0]))
            for one in found.unprotected
        ),
    )


def disclosed(problem: Problem, pattern: Pattern, chosen: Chosen | None = None) -> Disclosed:
    """What is shown under a pattern, with its evidence and reasons. DisclosureError CEL-012 as above."""
    _refuse_unprotected(pattern, problem.linked)
    linked, system = problem.linked, problem.system
    names = [key_text(key) for key in linked.keys]
    status = status_of(system, pattern.hidden)
    reasons = _reasons(problem.cells, problem.given, problem.policy, problem.kind)
    named = Named([SYSTEM] * system.size, list(linked.table_names), names, reasons)
    return Disclosed(
        given=problem.given,
        names=tuple(names),
        tables=linked.table_names,
        status=tuple(status),
        why=tuple(_why(status, reasons, pattern, names)),
        evidence=evidence(system, pattern, named),
        spreads=_spreads(problem.cells, problem.given),
        chosen=chosen,
    )


def linked_of(given: Given) -> Linked:
    """The tables as one system of cells."""
    tables = [
        CellTable(
            table.name,
            table.dimensions,
            {nodes: given.units(cell.value) for nodes, cell in table.cells.items()},
        )
        for table in given.tables
    ]
    return link(tables, _hierarchies(given), tolerance=given.units(given.tolerance))


def cells_of(linked: Linked, given: Given) -> list[GivenCell | None]:
    """The given cell of each cell of the system; None for what rounding left over."""
    found: dict[str, GivenCell] = {}
    for table in given.tables:
        for nodes, cell in table.cells.items():
            found.setdefault(key_text(cell_key(table.dimensions, nodes)), cell)
    return [found.get(key_text(key)) for key in linked.keys]


def _spread_of(cell: GivenCell, given: Given) -> Spread:
    largest = given.units(cell.value) if cell.firms == 1 else 0
    if cell.largest is not None:
        largest = given.units(cell.largest)
    return Spread(given.units(cell.value), cell.firms, largest, None, cell.persons)


def _needs(cells: Sequence[GivenCell | None], given: Given, policy: Policy, kind: MeasureKind) -> Needs:
    up, down = (np.zeros(len(cells), dtype=np.int64) for _ in range(2))
    for place, cell in enumerate(cells):
        level = None if cell is None else _judged(cell, given, policy, kind)
        if level is not None:
            up[place], down[place] = level.up, level.down
    return Needs(up, down)


def _judged(cell: GivenCell, given: Given, policy: Policy, kind: MeasureKind) -> Any:
    spread = _spread_of(cell, given)
    return judged(spread, policy.thresholds(kind), policy.protection, zeros=policy.zeros)


def _reasons(cells: Sequence[GivenCell | None], given: Given, policy: Policy, kind: MeasureKind) -> list[str]:
    levels = [None if cell is None else _judged(cell, given, policy, kind) for cell in cells]
    return ["" if level is None else str(level.reason) for level in levels]


def _system(linked: Linked, cells: Sequence[GivenCell | None], given: Given, needs: Needs) -> System:
    weights = np.zeros(len(linked.values))
    for places in linked.places.values():
        weights[list(places.values())] += 1.0
    rounding = np.array([bool(key) and key[0][0] == ROUNDING for key in linked.keys])
    system = plain_system(linked.values, linked.equations, needs, _firms(linked, cells, given))
    return replace(system, weights=weights, kept=rounding)


def _firms(linked: Linked, cells: Sequence[GivenCell | None], given: Given) -> Contributors:
    """In each cell its largest firm, and somebody else where there are several."""
    owner = _owners(linked, cells, given)
    names = sorted({*owner.values(), OTHERS})
    index = {name: number for number, name in enumerate(names)}
    rows = []
    for place, cell in enumerate(cells):
        if cell is None or cell.firms == 0:
            continue
        if place in owner:
            rows.append((place, index[owner[place]], _spread_of(cell, given).largest))
        if cell.firms > 1:
            rows.append((place, index[OTHERS], 0))
    listed = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Contributors(listed[0], listed[1], listed[2], tuple(names))


def _owners(linked: Linked, cells: Sequence[GivenCell | None], given: Given) -> Mapping[int, str]:
    """The largest firm of each cell where it is known: one firm where a cell and its total must have the
    same, or where the same telling amount is met.
    """
    known = [
        p for p, cell in enumerate(cells) if cell and (cell.firms == 1 or (cell.firms > 1 and cell.largest))
    ]
    leader = {place: place for place in known}
    first: dict[int, int] = {}
    for place in known:
        amount = _spread_of(_at(cells, place), given).largest
        if len(str(amount).rstrip("0")) >= _TELLING_DIGITS:
            leader[place] = leader[first.setdefault(amount, place)]
    for total, only in _passed_up(linked, cells):
        low, high = sorted((leader[total], leader[only]))
        leader = {place: low if to == high else to for place, to in leader.items()}
    return {place: f"largest firm of cell {to}" for place, to in leader.items()}


def _passed_up(linked: Linked, cells: Sequence[GivenCell | None]) -> Iterator[tuple[int, int]]:
    """Totals with one firm and the one part that it must be in."""
    rows = linked.equations
    for start, end in zip(rows.indptr[:-1].tolist(), rows.indptr[1:].tolist(), strict=True):
        places, signs = rows.indices[start:end].tolist(), rows.data[start:end].tolist()
        total = next((p for p, sign in zip(places, signs, strict=True) if sign < 0), None)
        if total is None or cells[total] is None or _at(cells, total).firms != 1:
            continue
        inside = [p for p in places if p != total and cells[p] is not None and _at(cells, p).firms > 0]
        if len(inside) == 1 and _at(cells, inside[0]).firms == 1:
            yield total, inside[0]


def _at(cells: Sequence[GivenCell | None], place: int) -> GivenCell:
    cell = cells[place]
    if cell is None:
        raise KeyError(place)
    return cell


def _pattern(linked: Linked, small: Merged, given: Given, effort: Effort, tell: Tell) -> Pattern:
    """By circuits where that is worth it: large tables, all combinations of some dimensions; else by linear
    programs alone.
    """
    if is_worthwhile(small.system, is_linked=len(given.tables) > 1):
        tables = [
            (t.dimensions, {nodes: int(small.class_of[p]) for nodes, p in linked.places[t.name].items()})
            for t in given.tables
        ]
        found = linked_cube(tables, _hierarchies(given))
        if found is not None:
            return protect_cube(small.system, found, effort, tell)
    return _searched(small, effort, tell)


def _hierarchies(given: Given) -> dict[str, Hierarchy]:
    return {dimension: Hierarchy(dimension, parents) for dimension, parents in given.parents.items()}


def _searched(small: Merged, effort: Effort, tell: Tell) -> Pattern:
    """The search, told step by step."""
    search = Search(small.system, ProgramFinder(small.system), effort.seed)
    for number, demand in enumerate(search.demands, 1):
        search.cover([demand])
        tell("Protecting cells", number, len(search.demands))
    tell("Dropping what is not needed", 0, 1)
    search.prune()
    search.reduce()
    tell("Dropping what is not needed", 1, 1)
    for number in range(effort.rounds):
        search.ruin_and_recreate(effort.largest_ruin)
        tell("Searching for fewer", number + 1, effort.rounds)
    search.prune()
    return search.pattern()


def _refuse_unprotected(pattern: Pattern, linked: Linked) -> None:
    if not pattern.unprotected:
        return
    first = pattern.unprotected[0]
    against = "anybody" if first.attacker is None else "a single firm"
    raise DisclosureError(
        "CEL-012",
        found=f"no further cells that would protect it against {against}",
        expected="a table in which every hidden cell can be protected",
        where=f"{linked.table_names[first.target]}, cell {key_text(linked.keys[first.target])}",
        remedy="Publish fewer levels (--plan finds which) or coarser codes; nothing was written.",
    )


def _spread(pattern: Pattern, small: Merged, needs: Needs) -> dict[tuple[int, int], Any]:
    """The alternative tables of merged cells as those of each cell that has a need."""
    members: dict[int, list[int]] = defaultdict(list)
    for cell in np.flatnonzero(needs.is_primary).tolist():
        members[int(small.class_of[cell])].append(cell)
    found = {}
    for (target, sign), flows in pattern.proofs.items():
        wide = tuple(small.spread(flow) for flow in flows)
        for cell in members[target]:
            if (needs.up if sign == UP else needs.down)[cell] > 0:
                found[cell, sign] = wide
    return found


def _why(
    status: Sequence[str], reasons: Sequence[str], pattern: Pattern, names: Sequence[str]
) -> Iterator[str]:
    """For each cell why it is hidden: its rule, or what it protects; empty where it is shown."""
    protects: dict[int, set[int]] = defaultdict(set)
    for (target, _), flows in pattern.proofs.items():
        for cell in {cell for flow in flows for cell in flow.cells.tolist()}:
            protects[cell].add(target)
    for place, state in enumerate(status):
        if state == PUBLISHED:
            yield ""
        elif state == LOCKED:
            yield NOT_PUBLISHED
        elif reasons[place]:
            yield reasons[place]
        else:
            others = ", ".join(names[target] or "the total" for target in sorted(protects[place])[:3])
            yield f"COMPLEMENTARY: with it shown, {others} could be worked out or narrowed down"


def _spreads(cells: Sequence[GivenCell | None], given: Given) -> pd.DataFrame:
    """What is known of who is behind each cell, for the auditor."""
    rows = []
    for place, cell in enumerate(cells):
        spread = None if cell is None else _spread_of(cell, given)
        if spread is not None:
            persons = -1 if spread.persons is None else spread.persons
            rows.append((SYSTEM, place, spread.firms, spread.largest, -1, persons))
    return pd.DataFrame(rows, columns=["system", "cell", "firms", "largest", "second", "persons"])
