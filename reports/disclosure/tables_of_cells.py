"""Tables of cells from outside a home: CSV files and hierarchies, read, and refused unless they are sound.

A cells file has a column for each dimension, then values and counts of firms; a total is a row named Total.
Linked tables share dimensions. Every refusal names the cell; nothing is repaired. Hiding cells is
``disclosing``'s.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from contracts.errors import DisclosureError

TOTAL = "Total"
MOST_DECIMALS = 6
"""More decimals are the noise of floating point, not amounts."""

Nodes = tuple[str, ...]
Parents = Mapping[str, str]
"""Of each code of a dimension the code above it; the topmost ones stand under TOTAL."""

_REMEDIES = {
    "CEL-001": "Write a CSV file in UTF-8 with one header line, and name its columns in the options.",
    "CEL-002": "Write plain numbers of zero and more; protect gains and losses as two tables.",
    "CEL-003": "Keep one row for each cell.",
    "CEL-004": "Add the total as a row of its own: anyone can work it out, so it must be judged too.",
    "CEL-005": "Correct the cells, or allow for rounding with --tolerance if the source rounded them.",
    "CEL-006": "Add the code to the hierarchy file, or correct the cell.",
    "CEL-007": "Say how many firms are behind every cell; the largest of them holds at most the cell.",
    "CEL-008": "Give every code one parent; groups that overlap are a dimension of their own.",
    "CEL-009": "Order the columns of the hierarchy file from the coarsest level to the finest.",
    "CEL-010": "Make linked tables from the same data.",
    "CEL-013": "Say with --decimals how many are meant; the values are then rounded to them, openly.",
    "CEL-011": "Name a column of the cells files.",
}


@dataclass(frozen=True)
class Columns:
    """Which columns hold what; every other column is a dimension.

    ``decimals``: amounts are rounded to so many, because whoever knows the source says that the rest is
    noise.
    """

    value: str
    count: str
    largest: str | None = None
    persons: str | None = None
    decimals: int | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that are no dimensions."""
        return tuple(name for name in (self.value, self.count, self.largest, self.persons) if name)


@dataclass(frozen=True)
class GivenCell:
    """A cell as it was given: its value, how many firms are behind it, the largest part and the persons, if
    known.
    """

    value: Decimal
    firms: int
    largest: Decimal | None
    persons: int | None


@dataclass(frozen=True)
class GivenTable:
    """A cells file: its dimensions in the order of its columns, and its cells by their codes."""

    name: str
    dimensions: tuple[str, ...]
    cells: Mapping[Nodes, GivenCell]


@dataclass(frozen=True)
class Given:
    """Linked tables and the hierarchies of their dimensions, sound: totals there, sums right, codes known.

    ``level_names``: of a dimension with a hierarchy file its columns, coarsest first.
    """

    tables: tuple[GivenTable, ...]
    parents: Mapping[str, Parents]
    tolerance: Decimal
    level_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def decimals(self) -> int:
        """The decimals of the finest value: with so many, every value is a whole number of units."""
        exponents = [cell.value.as_tuple().exponent for table in self.tables for cell in table.cells.values()]
        return max((-int(exponent) for exponent in exponents), default=0)

    def units(self, amount: Decimal) -> int:
        """An amount in whole units."""
        return int(amount.scaleb(max(self.decimals, 0)))


def read_given(
    files: Sequence[Path], columns: Columns, hierarchies: Mapping[str, Path], tolerance: Decimal = Decimal(0)
) -> Given:
    """Read tables and hierarchies. Sums may miss their total by ``tolerance`` where the source rounded.

    DisclosureError CEL-001 to CEL-011, each naming the file or the cell.
    """
    tables = tuple(read_table(path, columns) for path in files)
    known = {dimension for table in tables for dimension in table.dimensions}
    for dimension in sorted(hierarchies.keys() - known):
        raise _refused("CEL-011", "the hierarchies", f"a hierarchy of {dimension}", "one of a column")
    read = {
        dimension: _read_hierarchy(hierarchies[dimension], dimension) for dimension in sorted(hierarchies)
    }
    parents = {
        dimension: read[dimension][1] if dimension in read else _flat(tables, dimension)
        for dimension in sorted(known)
    }
    given = Given(tables, parents, tolerance, {dimension: names for dimension, (names, _) in read.items()})
    for table in tables:
        _require_known_codes(table, parents)
        _require_totals(table, given)
        _require_sums(table, given)
    _require_agreement(tables)
    return given


def read_table(path: Path, columns: Columns) -> GivenTable:
    """One cells file."""
    header, rows = read_csv(path)
    missing = [name for name in columns.named if name not in header]
    if missing or len(rows) == 0:
        found = f"no column {', '.join(missing)}" if missing else "no rows"
        raise _refused("CEL-001", path.name, found, "the columns named in the options, and rows")
    dimensions = tuple(name for name in header if name not in columns.named)
    cells: dict[Nodes, GivenCell] = {}
    for row in rows:
        nodes = tuple(row[dimension] for dimension in dimensions)
        where = f"{path.name}, cell {cell_name(dimensions, nodes)}"
        if nodes in cells:
            raise _refused("CEL-003", where, "the same cell twice", "each cell once")
        cells[nodes] = _cell(row, columns, where)
    return GivenTable(path.stem, dimensions, cells)


def _read_hierarchy(path: Path, dimension: str) -> tuple[tuple[str, ...], Parents]:
    """The levels, coarsest first, and the parent of every code, from a file with one column for each level.

    A code repeated in the next column is the same code, with no finer level below it.
    """
    names, rows = read_csv(path)
    parents: dict[str, str] = {}
    for row in rows:
        levels = (TOTAL, *row.values())
        for above, code in pairwise(levels):
            if code and above != code and parents.setdefault(code, above) != above:
                found = f"code {code!r} under {parents[code]!r} and under {above!r}"
                raise _refused("CEL-008", f"the hierarchy of {dimension}", found, "one parent a code")
    for code in parents:
        _require_end(code, parents, dimension)
    return tuple(names), parents


def cell_name(dimensions: Sequence[str], nodes: Sequence[str]) -> str:
    """The name of a cell: its codes by dimension, without those at their total, as canonical JSON."""
    named = {d: node for d, node in zip(dimensions, nodes, strict=True) if node != TOTAL}
    return json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_csv(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and the rows of a CSV file; DisclosureError CEL-001 where it is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = [{k: (v or "").strip() for k, v in row.items() if isinstance(k, str)} for row in reader]
            return list(reader.fieldnames or ()), rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _refused("CEL-001", str(path), "no readable CSV file", "one") from error


def _cell(row: Mapping[str, str], columns: Columns, where: str) -> GivenCell:
    value = amount_of(row[columns.value], columns, where)
    largest = amount_of(row[columns.largest], columns, where) if columns.largest else None
    firms = _whole(row[columns.count], columns.count, where)
    persons = _whole(row[columns.persons], columns.persons, where) if columns.persons else None
    if (firms == 0 and value > 0) or (largest is not None and largest > value):
        raise _refused(
            "CEL-007", where, "a value that those behind it cannot have", "firms and a largest part"
        )
    return GivenCell(value, firms, largest, persons)


def amount_of(text: str, columns: Columns, where: str) -> Decimal:
    """An amount of zero and more, exact; DisclosureError CEL-002 or CEL-013."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise _refused("CEL-002", where, "a value that is no number", "a number") from None
    if not amount.is_finite() or amount < 0:
        raise _refused("CEL-002", where, "a negative or infinite value", "zero or more")
    if columns.decimals is not None:
        return round(amount, columns.decimals)
    if -int(amount.as_tuple().exponent) > MOST_DECIMALS:
        raise _refused(
            "CEL-013", where, "a value with decimals like those of floating point", "exact amounts"
        )
    return amount


def _whole(text: str, column: str, where: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise _refused("CEL-007", where, f"no whole number in {column}", "how many are behind the cell")
    return int(text)


def _flat(tables: Sequence[GivenTable], dimension: str) -> Parents:
    """All codes directly under the total, where no hierarchy is given."""
    codes = {
        nodes[table.dimensions.index(dimension)]
        for table in tables
        if dimension in table.dimensions
        for nodes in table.cells
    }
    return dict.fromkeys(sorted(codes - {TOTAL}), TOTAL)


def _require_end(code: str, parents: Parents, dimension: str) -> None:
    seen, above = {code}, parents[code]
    while above != TOTAL:
        if above in seen:
            where, found = f"the hierarchy of {dimension}", f"code {above!r} above itself"
            raise _refused("CEL-009", where, found, "levels from coarse to fine")
        seen.add(above)
        above = parents[above]


def _require_known_codes(table: GivenTable, parents: Mapping[str, Parents]) -> None:
    for nodes in table.cells:
        for dimension, node in zip(table.dimensions, nodes, strict=True):
            if node != TOTAL and node not in parents[dimension]:
                where = f"{table.name}, cell {cell_name(table.dimensions, nodes)}"
                raise _refused("CEL-006", where, f"{dimension} = {node!r}", "a code of its hierarchy")


def _require_totals(table: GivenTable, given: Given) -> None:
    for total, _ in lines(table, given.parents):
        if total not in table.cells:
            where = f"{table.name}, cell {cell_name(table.dimensions, total)}"
            raise _refused("CEL-004", where, "parts without this total", "every total as a row")


def _require_sums(table: GivenTable, given: Given) -> None:
    for total, parts in lines(table, given.parents):
        off = table.cells[total].value - sum(table.cells[part].value for part in parts)
        if abs(off) > given.tolerance:
            where = f"{table.name}, cell {cell_name(table.dimensions, total)}"
            raise _refused("CEL-005", where, f"a total that differs from its parts by {off}", "their sum")


def lines(table: GivenTable, parents: Mapping[str, Parents]) -> Iterator[tuple[Nodes, tuple[Nodes, ...]]]:
    """Every total with its parts that there are, along every dimension; the total itself may be missing."""
    for axis, dimension in enumerate(table.dimensions):
        found: dict[Nodes, list[Nodes]] = defaultdict(list)
        for nodes in table.cells:
            if nodes[axis] != TOTAL:
                found[(*nodes[:axis], parents[dimension][nodes[axis]], *nodes[axis + 1 :])].append(nodes)
        for total, parts in found.items():
            yield total, tuple(sorted(parts))


def _require_agreement(tables: Sequence[GivenTable]) -> None:
    first: dict[str, tuple[str, GivenCell]] = {}
    for table in tables:
        for nodes, cell in table.cells.items():
            name = cell_name(table.dimensions, nodes)
            other, known = first.setdefault(name, (table.name, cell))
            if (known.value, known.firms) != (cell.value, cell.firms):
                where = f"cell {name} of {other} and {table.name}"
                raise _refused("CEL-010", where, "two values or counts", "the same in every table")


def _refused(code: str, where: str, found: str, expected: str) -> DisclosureError:
    return DisclosureError(code, found=found, expected=expected, where=where, remedy=_REMEDIES[code])
