"""The published numbers of all candidates as one system: every count and amount a cell, every identity an
equation.

A row of counts has a denominator D and, for a rate, a numerator N and the rest R with N + R = D. Rows add up
as their tables declare; what a sum misses (people in no listed group, people in two) is a cell that is taken
to be known, so that nothing hides behind it. Counts of one group of people in two tables are the same cell.
Which cells get hidden is ``suppression``'s.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import DisjointSet

from reports.disclosure.protect.system import Contributors, Needs, System
from reports.disclosure.protect.tables import ROUNDING, matrix_of
from reports.disclosure.rules import VALUE_STATUSES, to_cents
from reports.measures import Statistic

CellRef = tuple[str, str]
"""A row before publication: (table, cell_id)."""

Equation = Mapping[CellRef, int]
"""Σ coefficient · row = 0, for the denominators, for the numerators and for the amounts of the rows alike."""

DENOMINATOR, NUMERATOR, REST, AMOUNT = "denominator", "numerator", "rest", "amount"
DIMENSIONS = (
    "breakdown",
    "member",
    "geo_level",
    "geography",
    "ind_level",
    "industry",
    "program_id",
    "occupation",
    "cohort_start",
    "cohort_end",
    "period",
    "funding_source",
    "group_dim",
    "group_value",
)


@dataclass(frozen=True)
class Number:
    """One number of a row: whose, which role, its units (with the sign apart), and the firms' parts of it."""

    row: CellRef
    role: str
    units: int
    sign: int
    key: str
    group: str
    parts: Mapping[str, int]


@dataclass(frozen=True)
class Joint:
    """The numbers in a fixed order with the equations between their cells (places in ``numbers``)."""

    numbers: tuple[Number, ...]
    equations: tuple[tuple[tuple[int, int], ...], ...]
    residuals: int = 0
    place: Mapping[tuple[CellRef, str], int] = field(default_factory=dict)


def key_of(name: str, row: Mapping[Any, Any], role: str) -> str:
    """The name of a number, the same in every release: table, measure, what the row is about, role."""
    dims = {d: str(row[d]) for d in DIMENSIONS if d in row and not pd.isna(row[d])}
    return _canonical(dims | {"table": name, "metric_id": str(row["metric_id"]), "number": role})


def numbers_of(name: str, cells: pd.DataFrame, contributors: pd.DataFrame) -> Iterator[Number]:
    """Every number that the live rows of a table would show or give away."""
    parts = _parts(contributors)
    dimensions = [column for column in DIMENSIONS if column in cells.columns]
    for row in cells[cells["value_status"].isin(VALUE_STATUSES)].to_dict("records"):
        dims = {d: str(row[d]) for d in dimensions if not pd.isna(row[d])}
        for role, amount in _amounts(row):
            yield Number(
                row=(name, row["cell_id"]),
                role=role,
                units=abs(amount),
                sign=-1 if amount < 0 else 1,
                key=key_of(name, row, role),
                group=_canonical(dims),
                parts=_behind(parts, row["cell_id"], role, abs(amount)),
            )


def joined(
    numbers: Sequence[Number], equations: Sequence[Equation], same: Sequence[tuple[CellRef, CellRef]]
) -> Joint:
    """One system of all numbers: identities within rows, sums between rows, equal counts between tables.

    ``same`` pairs rows that are declared to count the same people, where the numbers agree.
    """
    ordered = sorted(numbers, key=lambda n: (n.row, n.role))
    place = {(number.row, number.role): at for at, number in enumerate(ordered)}
    alike = [*_declared_equal(ordered, place, same), *_equal(ordered)]
    rows = [*_within_rows(ordered, place), *_consistent(alike, ordered, place)]
    residuals: list[Number] = []
    for equation in sorted(equations, key=lambda e: sorted(e.items())):
        for role in (DENOMINATOR, NUMERATOR, AMOUNT):
            rows += _sum(equation, role, (ordered, place, residuals))
    return Joint((*ordered, *residuals), tuple(rows), len(residuals), place)


def system_of(
    joint: Joint, needs: Needs, weights: np.ndarray[Any, Any], group: np.ndarray[Any, Any]
) -> System:
    """The joint system for the protector; residuals are known and can be neither hidden nor moved."""
    size = len(joint.numbers)
    known = np.zeros(size, dtype=bool)
    known[size - joint.residuals :] = True
    return System(
        values=np.array([number.units for number in joint.numbers], dtype=np.int64),
        equations=matrix_of(joint.equations, size),
        needs=needs,
        weights=weights,
        locked=np.zeros(size, dtype=bool),
        kept=known,
        group=group,
        contributors=_contributors(joint.numbers),
    )


def _contributors(numbers: Sequence[Number]) -> Contributors:
    names = tuple(sorted({firm for number in numbers for firm in number.parts}))
    index = {firm: at for at, firm in enumerate(names)}
    rows = [
        (cell, index[firm], units)
        for cell, number in enumerate(numbers)
        for firm, units in sorted(number.parts.items())
    ]
    cell, firm, units = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Contributors(cell, firm, units, names)


def _amounts(row: Mapping[Any, Any]) -> Iterator[tuple[str, int]]:
    statistic = row["statistic"]
    if statistic == Statistic.LEDGER:
        if not pd.isna(row["money"]):
            yield AMOUNT, to_cents(row["value"])
        return
    if statistic == Statistic.ROWS or pd.isna(row["denominator"]):
        return
    yield DENOMINATOR, int(row["denominator"])
    if statistic == Statistic.RATE and not pd.isna(row["numerator"]):
        yield NUMERATOR, int(row["numerator"])
        yield REST, int(row["denominator"]) - int(row["numerator"])


def _parts(contributors: pd.DataFrame) -> Mapping[tuple[str, str], dict[str, int]]:
    """Each firm's part of each number, by cell_id and role; rows of one parent firm are added up."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    columns = ["persons", "numerator_persons", "amount_cents"]
    # A firm's rest is known only of all its rows: one may hold its persons and another its hits.
    sized = contributors.assign(amount_cents=contributors["amount_cents"].abs())
    whole = sized.groupby(["cell_id", "parent_group_id"], sort=False, dropna=False)[columns].sum()
    for (cell, firm), persons, hits, cents in whole.itertuples(name=None):
        for role, units in (
            (DENOMINATOR, persons),
            (NUMERATOR, hits),
            (REST, persons - hits),
            (AMOUNT, cents),
        ):
            if units > 0:
                found[cell, role][str(firm)] += int(units)
    return found


def _behind(
    parts: Mapping[tuple[str, str], Mapping[str, int]], cell: str, role: str, whole: int
) -> Mapping[str, int]:
    """Each firm's part of a number, no more than the whole: a firm may count what a measure leaves out.

    A side with nobody in it, of a row that is one firm's alone, is that firm's too: it knows who is missing.
    """
    if whole > 0:
        return {firm: min(units, whole) for firm, units in parts.get((cell, role), {}).items()}
    everybody = parts.get((cell, DENOMINATOR), {})
    return dict.fromkeys(everybody, 0) if role in (NUMERATOR, REST) and len(everybody) == 1 else {}


def _within_rows(
    numbers: Sequence[Number], place: Mapping[tuple[CellRef, str], int]
) -> Iterator[tuple[tuple[int, int], ...]]:
    for number in numbers:
        if number.role == REST:
            at = [place[number.row, role] for role in (NUMERATOR, REST, DENOMINATOR)]
            yield (at[0], 1), (at[1], 1), (at[2], -1)


def _declared_equal(
    numbers: Sequence[Number],
    place: Mapping[tuple[CellRef, str], int],
    same: Sequence[tuple[CellRef, CellRef]],
) -> Iterator[tuple[int, int]]:
    for one, other in sorted(set(same)):
        own = place.get((one, DENOMINATOR))
        for role in (NUMERATOR, DENOMINATOR):
            theirs = place.get((other, role))
            if own is not None and theirs is not None and numbers[own].units == numbers[theirs].units:
                yield own, theirs
                break


def _equal(numbers: Sequence[Number]) -> Iterator[tuple[int, int]]:
    """Counts of the same group of people: same dimensions, same number, same part of every firm.

    Those of one role come first: that they are one count is likelier than across roles.
    """
    for with_role in (True, False):
        first: dict[Any, int] = {}
        for at, number in enumerate(numbers):
            if number.role in (DENOMINATOR, NUMERATOR) and number.parts:
                role = number.role if with_role else ""
                same = (role, number.group, number.units, tuple(sorted(number.parts.items())))
                known = first.setdefault(same, at)
                if known != at:
                    yield known, at


def _consistent(
    alike: Sequence[tuple[int, int]], numbers: Sequence[Number], place: Mapping[tuple[CellRef, str], int]
) -> Iterator[tuple[tuple[int, int], ...]]:
    """The pairs as equations, without those that would make a row's numerator its denominator.

    That nobody is left over is a coincidence which no attacker knows, and which may have to be hidden.
    """
    sides = [(place[n.row, DENOMINATOR], at) for at, n in enumerate(numbers) if n.role == NUMERATOR]
    apart: dict[int, set[int]] = defaultdict(set)
    for one, other in sides:
        apart[one].add(other)
        apart[other].add(one)
    classes = DisjointSet(range(len(numbers)))
    for one, other in alike:
        kept, gone = classes[one], classes[other]
        if kept == gone or any(classes[far] == kept for far in apart[gone]):
            continue
        classes.merge(kept, gone)
        apart[classes[kept]] = apart[kept] | apart[gone]
        yield (one, 1), (other, -1)


def _sum(
    equation: Equation,
    role: str,
    known: tuple[Sequence[Number], Mapping[tuple[CellRef, str], int], list[Number]],
) -> list[tuple[tuple[int, int], ...]]:
    """A declared sum over one role, closed by a known cell for what it misses; none without its total.

    Of amounts the total may be rows that add up no firm's money: those are in no system, and shown to the
    cent.
    """
    numbers, place, residuals = known
    found = [(place[row, role], sign) for row, sign in sorted(equation.items()) if (row, role) in place]
    signs = {sign for _, sign in found}
    is_partial = len(found) < len(equation)
    if len(found) < 2 or (is_partial and signs == ({-1} if role == AMOUNT else {1})):
        return []
    terms = [(at, sign * numbers[at].sign) for at, sign in found]
    off = sum(sign * numbers[at].units for at, sign in terms)
    if off:
        terms.append((len(numbers) + len(residuals), -1 if off > 0 else 1))
        residuals.append(_residual(len(residuals), role, abs(off), [numbers[at].key for at, _ in found]))
    return [tuple(terms)]


def _residual(number: int, role: str, units: int, of: Sequence[str]) -> Number:
    """What a sum misses, named by the numbers of the sum: in another release it is the same sum's again."""
    key = _canonical({"difference": hashlib.sha256("\n".join(of).encode()).hexdigest()[:16]})
    return Number((ROUNDING, str(number)), AMOUNT if role == AMOUNT else DENOMINATOR, units, 1, key, key, {})


def _canonical(words: Mapping[str, str]) -> str:
    return json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
