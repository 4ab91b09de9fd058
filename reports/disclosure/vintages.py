"""What earlier releases showed and hid, and what follows for this one: shown numbers stay, hidden ones stay
hidden.

Two values of one count differ by the people who were late: often a single person or firm. So the first
published count of a row stays until a scheduled revision (revision policy ``frozen``; what a correction may
change is ``restating``'s), and a row that was hidden does not come back. Read from the evidence of earlier
releases; what is hidden besides is ``suppression``'s.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.disclosure.joint import DENOMINATOR, NUMERATOR, key_of
from reports.disclosure.protect.evidence import PUBLISHED, Evidence

_COLUMNS = {DENOMINATOR: ("denominator", "persons"), NUMERATOR: ("numerator", "numerator_persons")}
"""The columns that hold a number in cells and in contributors."""


@dataclass(frozen=True)
class Before:
    """The numbers of earlier releases by key: units and firms' parts of those shown, and the keys of those
    hidden.
    """

    shown: Mapping[str, int]
    parts: Mapping[str, Mapping[str, int]]
    hidden: frozenset[str]

    @classmethod
    def of(cls, earlier: Sequence[Evidence]) -> Before:
        """From the evidence of earlier releases, oldest first: what the newest of them says of a number
        holds.
        """
        shown: dict[str, int] = {}
        parts: dict[str, Mapping[str, int]] = {}
        hidden: set[str] = set()
        for evidence in earlier:
            cells = evidence.cells.to_pandas()
            by_cell = _parts(evidence)
            for row in cells.to_dict("records"):
                if row["status"] == PUBLISHED:
                    shown[row["key"]] = int(row["units"])
                    parts[row["key"]] = by_cell[row["system"], row["cell"]]
                else:
                    hidden.add(row["key"])
        return cls(shown, parts, frozenset(hidden))


@dataclass(frozen=True)
class Vintage:
    """A table as this release may show it: cells and contributors, and the rows that must stay hidden."""

    cells: pd.DataFrame
    contributors: pd.DataFrame
    hidden: frozenset[str]


def vintage(
    name: str,
    cells: pd.DataFrame,
    contributors: pd.DataFrame,
    before: Before,
    free: Collection[str] = (),
) -> Vintage:
    """The table with every count that was shown before as it was shown, but of the rows in ``free``, and what
    was hidden before named.
    """
    cells, hidden = cells.copy(), set[str]()
    restated: list[dict[str, Any]] = []
    for at, row in zip(cells.index, cells.to_dict("records"), strict=True):
        keys = {role: key_of(name, row, role) for role in _COLUMNS}
        if before.hidden & set(keys.values()):
            hidden.add(row["cell_id"])
        if row["cell_id"] in free:
            continue
        for role, key in keys.items():
            column = _COLUMNS[role][0]
            if key in before.shown and not pd.isna(row[column]) and before.shown[key] != row[column]:
                cells.loc[at, column] = before.shown[key]
                restated += _restated(row["cell_id"], role, before.parts[key])
    return Vintage(cells, _with(contributors, restated), frozenset(hidden))


def _restated(cell: str, role: str, parts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    blank = {"persons": 0, "numerator_persons": 0, "amount_cents": 0}
    for firm, units in sorted(parts.items()):
        yield {"cell_id": cell, "parent_group_id": firm, "role": role} | blank | {_COLUMNS[role][1]: units}


def _with(contributors: pd.DataFrame, restated: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Contributors with the parts of restated numbers in the place of today's."""
    if not restated:
        return contributors
    more, kept = pd.DataFrame(restated), contributors.copy()
    for role, (_, column) in _COLUMNS.items():
        of_role = set(more.loc[more["role"] == role, "cell_id"])
        kept.loc[kept["cell_id"].isin(of_role), column] = 0
    return pd.concat([kept, more[list(contributors.columns)]], ignore_index=True)


def _parts(evidence: Evidence) -> Mapping[tuple[str, int], dict[str, int]]:
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(dict)
    for row in evidence.contributors.to_pylist():
        found[row["system"], row["cell"]][row["firm"]] = int(row["units"])
    return found
