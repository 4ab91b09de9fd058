"""What each firm contributed to the cells of tables from outside a home: read, rolled up, held against the
cells.

A file has the dimensions of the tables, a firm and an amount: one row for each finest cell and firm. The
cells must be what it adds up to, to the last unit; nothing is repaired.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from contracts.errors import DisclosureError
from reports.disclosure.tables_of_cells import (
    TOTAL,
    Columns,
    Given,
    GivenTable,
    Nodes,
    amount_of,
    cell_name,
    read_csv,
)

_REMEDY = (
    "Give one row for each finest cell and firm with an amount above zero, of the same data as the cells."
)


@dataclass(frozen=True)
class Contribution:
    """A firm's amount in a finest cell, in whole units; ``codes``: its code in every dimension."""

    codes: Mapping[str, str]
    firm: str
    units: int


def read_contributions(path: Path, columns: Columns, firm: str, given: Given) -> tuple[Contribution, ...]:
    """The contributions behind ``given``; ``firm`` names their column of firms.

    DisclosureError CEL-016 for what is no contribution to these cells, or does not add up to one of them.
    """
    if columns.value in (columns.count, columns.persons):
        raise _refused(
            path.name, f"counts ({columns.value}) to distort", "amounts: counts are hidden or shown"
        )
    header, rows = read_csv(path)
    needed = {firm, columns.value, *given.parents}
    if missing := sorted(needed - {*header}):
        raise _refused(path.name, f"no column {', '.join(missing)}", "the dimensions, a firm, an amount")
    found = tuple(_read(row, columns, firm, given, f"{path.name}, line {n}") for n, row in enumerate(rows, 2))
    _require_once(found, path.name)
    for table in given.tables:
        _require_sums(table, given, found)
    return found


def by_cell(
    table: GivenTable, given: Given, contributions: Sequence[Contribution]
) -> Iterator[tuple[Nodes, int]]:
    """Each cell of a table that a contribution is part of, with the contribution's number."""
    for number, one in enumerate(contributions):
        chains = [[*_upwards(one.codes[name], given.parents[name])] for name in table.dimensions]
        for nodes in product(*chains):
            yield nodes, number


def _upwards(code: str, parents: Mapping[str, str]) -> Iterator[str]:
    yield code
    while code != TOTAL:
        code = parents[code]
        yield code


def _read(row: Mapping[str, str], columns: Columns, firm: str, given: Given, where: str) -> Contribution:
    codes = {name: row[name] for name in given.parents}
    for name, code in codes.items():
        parents = given.parents[name]
        if code not in parents or code in parents.values():
            raise _refused(where, f"{name} = {code!r}", "a finest code of its hierarchy")
    amount = amount_of(row[columns.value], columns, where)
    if not row[firm] or amount == 0 or -int(amount.as_tuple().exponent) > given.decimals:
        raise _refused(where, "no firm, or no amount in the units of the cells", "a firm and its amount")
    return Contribution(codes, row[firm], given.units(amount))


def _require_once(found: Sequence[Contribution], name: str) -> None:
    seen = set()
    for one in found:
        key = (*sorted(one.codes.items()), one.firm)
        if key in seen:
            raise _refused(f"{name}, cell {_cell(one)}", "a firm twice", "one row for each cell and firm")
        seen.add(key)


def _cell(one: Contribution) -> str:
    return cell_name([*one.codes], [*one.codes.values()])


def _require_sums(table: GivenTable, given: Given, contributions: Sequence[Contribution]) -> None:
    sums: dict[Nodes, int] = defaultdict(int)
    firms: dict[Nodes, set[str]] = defaultdict(set)
    for nodes, number in by_cell(table, given, contributions):
        sums[nodes] += contributions[number].units
        firms[nodes].add(contributions[number].firm)
    for nodes in sorted(dict.fromkeys([*table.cells, *sums]), key=lambda nodes: nodes.count(TOTAL)):
        cell = table.cells.get(nodes)
        is_same = cell is not None and given.units(cell.value) == sums.get(nodes, 0)
        if cell is None or not is_same or cell.firms != len(firms.get(nodes, ())):
            where = f"{table.name}, cell {cell_name(table.dimensions, nodes)}"
            raise _refused(where, "an amount or a count of firms that is not theirs", "what firms add up to")


def _refused(where: str, found: str, expected: str) -> DisclosureError:
    return DisclosureError("CEL-016", found=found, expected=expected, where=where, remedy=_REMEDY)
