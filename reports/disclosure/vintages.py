"""What earlier releases showed and hid, and what follows for this one: shown numbers stay, hidden ones stay
hidden.

Two values of one count differ by the people who were late: often a single person or firm. So the first
published count of a row stays (revision policy ``frozen``; what a correction may change, and which amounts
stay then, is ``restating``'s), and a row that was hidden does not come back. Read from the evidence of
earlier releases; what is hidden besides is ``suppression``'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import pandas as pd

from reports.disclosure.amounts import Part
from reports.disclosure.joint import AMOUNT, DENOMINATOR, NUMERATOR, key_of
from reports.disclosure.protect.evidence import PUBLISHED, Evidence
from reports.measures import Statistic

_COUNTS = {DENOMINATOR: "denominator", NUMERATOR: "numerator"}
"""The columns of cells that hold a count."""
_PARTS = {DENOMINATOR: "persons", NUMERATOR: "numerator_persons", AMOUNT: "amount_cents"}
"""The columns of contributors that hold each firm's part of a number."""


@dataclass(frozen=True)
class Was:
    """A number as one release has it: its units, each firm's part, whether it was shown."""

    units: int
    parts: Mapping[str, int]
    is_shown: bool


@dataclass(frozen=True)
class Before:
    """The numbers of earlier releases by key, as each release has them, oldest first."""

    releases: Sequence[Mapping[str, Was]]

    @classmethod
    def of(cls, earlier: Sequence[Evidence]) -> Before:
        """From the evidence of earlier releases, oldest first."""
        return cls([dict(_numbers(evidence)) for evidence in earlier])

    @cached_property
    def newest(self) -> Mapping[str, Was]:
        """Every number as the newest release that has it says."""
        return {key: was for one in self.releases for key, was in one.items()}

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The numbers that a release hid."""
        return frozenset(key for one in self.releases for key, was in one.items() if not was.is_shown)

    def shown(self, key: str) -> Iterator[Was]:
        """A number as every release has it that shows it."""
        yield from (one[key] for one in self.releases if key in one and one[key].is_shown)


def _numbers(evidence: Evidence) -> Iterator[tuple[str, Was]]:
    by_cell = _parts(evidence)
    for row in evidence.cells.to_pandas().to_dict("records"):
        parts = by_cell[row["system"], row["cell"]]
        yield row["key"], Was(int(row["units"]), parts, row["status"] == PUBLISHED)


@dataclass(frozen=True)
class Formerly:
    """What rows that stay as they were showed besides counts, by cell_id: sums of dollars, and each firm's
    part (cents and persons) of any amount, where that is known.
    """

    dollars: Mapping[str, Decimal] = field(default_factory=dict)
    parts: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)


@dataclass(frozen=True)
class Vintage:
    """A table as this release may show it: cells and contributors, and the rows that must stay hidden."""

    cells: pd.DataFrame
    contributors: pd.DataFrame
    hidden: frozenset[str]


_NOTHING = Formerly()


def vintage(
    name: str,
    cells: pd.DataFrame,
    contributors: pd.DataFrame,
    before: Before,
    free: Collection[str] = (),
    formerly: Formerly = _NOTHING,
) -> Vintage:
    """The table with every count that was in a release before as it was there, but of the rows in ``free``,
    with the amounts of the rows in ``formerly``, and what was hidden before named.

    A hidden row stays as it was, too: a side of it may have been shown, as another row's count, and what it
    adds up to stays as well.
    """
    cells, hidden = cells.copy(), set[str]()
    restated: list[dict[str, Any]] = []
    for at, row in zip(cells.index, cells.to_dict("records"), strict=True):
        keys = {role: key_of(name, row, role) for role in _COUNTS}
        if before.hidden & set(keys.values()):
            hidden.add(row["cell_id"])
        if row["cell_id"] in free:
            continue
        for role, key in keys.items():
            column, was = _COUNTS[role], before.newest.get(key)
            if was is not None and not pd.isna(row[column]) and was.units != row[column]:
                cells.loc[at, column] = was.units
                restated += _restated(row["cell_id"], role, was.parts)
        restated += _amount_restated(name, row, before, formerly)
    return Vintage(_with_dollars(cells, formerly), _with(contributors, restated), frozenset(hidden))


def _with_dollars(cells: pd.DataFrame, formerly: Formerly) -> pd.DataFrame:
    """Cells with the sums of firms' dollars that stay as they were."""
    stays = cells["cell_id"].isin(list(formerly.dollars)) & cells["money"].notna()
    stays &= cells["statistic"] == Statistic.LEDGER
    if not stays.any():
        return cells
    stood = cells["cell_id"].map(formerly.dollars).astype(object)
    return cells.assign(
        **{name: cells[name].astype(object).mask(stays, stood) for name in ("value", "money")}
    )


def _amount_restated(
    name: str, row: Mapping[Any, Any], before: Before, formerly: Formerly
) -> Iterator[dict[str, Any]]:
    """Each firm's part of an amount that stays as it was, as it was behind it."""
    cell = row["cell_id"]
    if cell in formerly.parts:
        yield from _restated(cell, AMOUNT, {firm: cents for firm, (cents, _) in formerly.parts[cell].items()})
    elif cell in formerly.dollars and (was := before.newest.get(key_of(name, row, AMOUNT))) is not None:
        yield from _restated(cell, AMOUNT, was.parts)


def _restated(cell: str, role: str, parts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    blank = {"persons": 0, "numerator_persons": 0, "amount_cents": 0}
    for firm, units in sorted(parts.items()):
        yield {"cell_id": cell, "parent_group_id": firm, "role": role} | blank | {_PARTS[role]: units}


def _with(contributors: pd.DataFrame, restated: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Contributors with the parts of restated numbers in the place of today's."""
    if not restated:
        return contributors
    more, kept = pd.DataFrame(restated), contributors.copy()
    for role, column in _PARTS.items():
        of_role = set(more.loc[more["role"] == role, "cell_id"])
        kept.loc[kept["cell_id"].isin(of_role), column] = 0
    return pd.concat([kept, more[list(contributors.columns)]], ignore_index=True)


def _parts(evidence: Evidence) -> Mapping[tuple[str, int], dict[str, int]]:
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for row in evidence.contributors.to_pylist():
        found[row["system"], row["cell"]][row["firm"]] = int(row["units"])
    return found
