"""Tables of cells with hierarchies as one system: shared cells become one, every margin an equation.

A cell is named by the dimensions that are not at their total, so the same cell in two linked tables has the
same name. Cells must add up to the unit, or to within a tolerance that whoever knows the source declares:
what rounding left over is then a cell of its own, known to everybody, and no given value is touched. Files
are read elsewhere.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from contracts.errors import DisclosureError
from reports.disclosure.protect.system import Integers

TOTAL = "Total"
ROUNDING = "rounding"
"""The dimension that names what the source's rounding left over of an equation."""
Key = tuple[tuple[str, str], ...]
"""A cell: its dimensions and nodes, sorted, without those at their total."""


@dataclass(frozen=True)
class Hierarchy:
    """A dimension: the parent of every node; the topmost parent is TOTAL."""

    dimension: str
    parent: Mapping[str, str]

    @classmethod
    def from_levels(cls, dimension: str, rows: Iterable[Sequence[str]]) -> Hierarchy:
        """From rows of codes, coarsest first; a code repeated in the next level is the same node.

        DisclosureError PRO-003 for a code with two parents, PRO-004 for one that contains itself.
        """
        parent: dict[str, str] = {}
        for row in rows:
            for above, code in zip((TOTAL, *row), row, strict=False):
                if above != code and parent.setdefault(code, above) != above:
                    raise _two_parents(dimension, code, parent[code], above)
        for code in parent:
            _refuse_cycle(dimension, code, parent)
        return cls(dimension, parent)

    @classmethod
    def flat(cls, dimension: str, codes: Iterable[str]) -> Hierarchy:
        """All codes directly under the total."""
        return cls(dimension, {code: TOTAL for code in codes if code != TOTAL})

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The nodes directly below each node."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, above in sorted(self.parent.items()):
            found[above].append(code)
        return {above: tuple(codes) for above, codes in found.items()}


@dataclass(frozen=True)
class CellTable:
    """A table: its dimensions, and for each cell its nodes in their order and its units."""

    name: str
    dimensions: tuple[str, ...]
    cells: Mapping[tuple[str, ...], int]


@dataclass(frozen=True)
class Linked:
    """Tables joined: cells in canonical order with their values and equations, and where each table's cells
    are.
    """

    keys: tuple[Key, ...]
    table_names: tuple[str, ...]
    values: Integers
    equations: sparse.csr_array
    places: Mapping[str, Mapping[tuple[str, ...], int]]


def cell_key(dimensions: Sequence[str], nodes: Sequence[str]) -> Key:
    """The name of a cell, the same in every table that holds it."""
    return tuple(sorted((d, n) for d, n in zip(dimensions, nodes, strict=True) if n != TOTAL))


def key_text(key: Key) -> str:
    """The canonical JSON of a cell's name."""
    return json.dumps(dict(key), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


Row = tuple[tuple[Key, int], ...]


def link(tables: Sequence[CellTable], hierarchies: Mapping[str, Hierarchy], *, tolerance: int = 0) -> Linked:
    """One system from linked tables; parts may miss their total by ``tolerance`` units of rounding.

    DisclosureError PRO-005 for a code that its hierarchy does not have, PRO-006 for cells without their
    total, PRO-007 for parts that do not add up, PRO-008 for a cell whose value differs between tables.
    """
    values, first = _joined(tables, hierarchies)
    found = {row for table in tables for row in _equations(table, hierarchies, tolerance)}
    rows = sorted(_with_rounding(row, values, first) for row in found)
    keys = tuple(sorted(values))
    place = {key: number for number, key in enumerate(keys)}
    return Linked(
        keys=keys,
        table_names=tuple(first[key] for key in keys),
        values=np.array([values[key] for key in keys], dtype=np.int64),
        equations=matrix_of([[(place[key], sign) for key, sign in row] for row in rows], len(keys)),
        places={t.name: {nodes: place[cell_key(t.dimensions, nodes)] for nodes in t.cells} for t in tables},
    )


def _with_rounding(row: Row, values: dict[Key, int], first: dict[Key, str]) -> Row:
    """The equation, with a cell for what its parts miss or exceed the total by."""
    off = sum(sign * values[key] for key, sign in row)
    if off == 0:
        return row
    name: Key = ((ROUNDING, " + ".join(key_text(key) for key, _ in row)),)
    values[name], first[name] = abs(off), ROUNDING
    return (*row, (name, -1 if off > 0 else 1))


def matrix_of(rows: Sequence[Sequence[tuple[int, int]]], width: int) -> sparse.csr_array:
    """Equations as a sparse matrix: each row is pairs of cell and coefficient."""
    row = np.array([number for number, pairs in enumerate(rows) for _ in pairs], dtype=np.int64)
    column = np.array([cell for pairs in rows for cell, _ in pairs], dtype=np.int64)
    data = np.array([sign for pairs in rows for _, sign in pairs], dtype=np.int64)
    return sparse.csr_array(sparse.coo_array((data, (row, column)), shape=(len(rows), width)))


def _joined(
    tables: Sequence[CellTable], hierarchies: Mapping[str, Hierarchy]
) -> tuple[dict[Key, int], dict[Key, str]]:
    values: dict[Key, int] = {}
    first: dict[Key, str] = {}
    for table in tables:
        for nodes, units in table.cells.items():
            _refuse_unknown(table, nodes, hierarchies)
            key = cell_key(table.dimensions, nodes)
            if values.setdefault(key, units) != units:
                raise _differs(key, values[key], units, first[key], table.name)
            first.setdefault(key, table.name)
    return values, first


def _equations(table: CellTable, hierarchies: Mapping[str, Hierarchy], tolerance: int) -> Iterator[Row]:
    for axis, dimension in enumerate(table.dimensions):
        slices: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
        for nodes, units in table.cells.items():
            slices[nodes[:axis] + nodes[axis + 1 :]][nodes[axis]] = units
        for others, line in slices.items():
            yield from _line(table, (axis, others, tolerance), line, hierarchies[dimension])


def _line(
    table: CellTable, where: tuple[int, tuple[str, ...], int], line: Mapping[str, int], hierarchy: Hierarchy
) -> Iterator[Row]:
    axis, others, tolerance = where

    def key(node: str) -> Key:
        return cell_key(table.dimensions, (*others[:axis], node, *others[axis:]))

    for above, codes in hierarchy.children.items():
        parts = [code for code in codes if code in line]
        if not parts:
            continue
        if above not in line:
            raise _no_total(table.name, key(parts[0]), above)
        if abs(sum(line[code] for code in parts) - line[above]) > tolerance:
            raise _not_additive(table.name, key(above), line[above], sum(line[code] for code in parts))
        yield tuple(sorted([(key(above), -1), *((key(code), 1) for code in parts)]))


def _refuse_cycle(dimension: str, code: str, parent: Mapping[str, str]) -> None:
    seen, above = {code}, parent[code]
    while above in parent:
        if above in seen:
            raise DisclosureError(
                "PRO-004",
                found=f"code {above!r} above itself",
                expected="levels from coarse to fine",
                where=f"the hierarchy of {dimension}",
                remedy="Order the columns of the hierarchy from the coarsest level to the finest.",
            )
        seen.add(above)
        above = parent[above]


def _two_parents(dimension: str, code: str, one: str, other: str) -> DisclosureError:
    return DisclosureError(
        "PRO-003",
        found=f"code {code!r} under {one!r} and under {other!r}",
        expected="one parent for every code",
        where=f"the hierarchy of {dimension}",
        remedy="Give overlapping groups as a dimension of their own.",
    )


def _refuse_unknown(table: CellTable, nodes: tuple[str, ...], hierarchies: Mapping[str, Hierarchy]) -> None:
    for dimension, node in zip(table.dimensions, nodes, strict=True):
        if node != TOTAL and node not in hierarchies[dimension].parent:
            raise DisclosureError(
                "PRO-005",
                found=f"{dimension} = {node!r}",
                expected="a code of the hierarchy",
                where=f"table {table.name}",
                remedy="Add the code to the hierarchy, or correct the cell.",
            )


def _no_total(table: str, key: Key, above: str) -> DisclosureError:
    return DisclosureError(
        "PRO-006",
        found=f"cell {key_text(key)} without its total {above!r}",
        expected="every total as a row of its own",
        where=f"table {table}",
        remedy="Add the total; it can be worked out by anyone, so it must be judged.",
    )


def _not_additive(table: str, key: Key, total: int, parts: int) -> DisclosureError:
    return DisclosureError(
        "PRO-007",
        found=f"parts that differ from their total by {total - parts} units",
        expected="parts that add up to their total",
        where=f"cell {key_text(key)} of table {table}",
        remedy="Correct the cells; nothing is repaired silently.",
    )


def _differs(key: Key, one: int, other: int, first: str, second: str) -> DisclosureError:
    return DisclosureError(
        "PRO-008",
        found=f"values that differ by {abs(one - other)} units",
        expected="the same value in every table that holds the cell",
        where=f"cell {key_text(key)} of tables {first} and {second}",
        remedy="Make the linked tables from the same data.",
    )
