"""Four linked tables of French firms' turnover, by activity or region and by size or legal form, as one
system.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from reports.disclosure.cell_rules import Spread, judged
from reports.disclosure.policy import MeasureKind, Policy, read_policy
from reports.disclosure.protect.system import Flags, Needs, System, plain_system
from reports.disclosure.protect.tables import ROUNDING, CellTable, Hierarchy, Linked, cell_key, link

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "disclosure"
POLICY = Path(__file__).parents[2] / "bench" / "policies" / "insee_turnover.yaml"
TABLES = ("act_size", "act_cj", "nuts_size", "nuts_cj")
_LEVELS = {"ACTIVITY": "activity_corr_table.csv", "NUTS": "nuts23_fr_corr_table.csv"}
_UNITS = 10_000
"""Turnover has four decimals, and totals were rounded like their parts: they may miss them by a few of the
last.
"""
_ROUNDED_TO = 60


@dataclass(frozen=True)
class Turnover:
    """The linked tables with what each cell needs; a cell of two tables costs two."""

    linked: Linked
    system: System

    def counted(self, hidden: Flags) -> dict[str, int]:
        """Secondary cells of each table."""
        secondary = hidden & ~self.system.needs.is_primary
        places = self.linked.places.items()
        return {name: int(sum(secondary[place] for place in cells.values())) for name, cells in places}

    def primaries(self) -> dict[str, int]:
        """Primary cells of each table."""
        return self.counted(self.system.needs.is_primary) | {
            name: int(sum(self.system.needs.is_primary[place] for place in cells.values()))
            for name, cells in self.linked.places.items()
        }


def turnover(names: Sequence[str]) -> Turnover:
    """The tables ``names``, linked; skips where the data are not there."""
    if not FOLDER.is_dir():
        pytest.skip(
            "the INSEE tables are not here: they lie in ../shared/data beside the project, never in it"
        )
    policy, rows = read_policy(POLICY), {name: _rows(name) for name in names}
    tables = [_table(name, found) for name, found in rows.items()]
    linked = link(tables, _hierarchies(tables), tolerance=_ROUNDED_TO)
    return Turnover(linked, _system(linked, _needs(linked, rows, policy)))


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"turnover_{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _units(amount: str) -> int:
    return int(Decimal(amount) * _UNITS)


def _table(name: str, rows: list[dict[str, str]]) -> CellTable:
    dimensions = tuple(rows[0])[:2]
    return CellTable(
        name, dimensions, {tuple(row[d] for d in dimensions): _units(row["TOT"]) for row in rows}
    )


def _hierarchies(tables: Sequence[CellTable]) -> dict[str, Hierarchy]:
    found = {}
    for table in tables:
        for axis, dimension in enumerate(table.dimensions):
            codes = {nodes[axis] for nodes in table.cells}
            found[dimension] = (
                _levels(dimension) if dimension in _LEVELS else Hierarchy.flat(dimension, codes)
            )
    return found


def _levels(dimension: str) -> Hierarchy:
    with (FOLDER / _LEVELS[dimension]).open(encoding="utf-8") as file:
        return Hierarchy.from_levels(dimension, list(csv.reader(file))[1:])


def _needs(linked: Linked, rows: dict[str, list[dict[str, str]]], policy: Policy) -> Needs:
    place = {key: number for number, key in enumerate(linked.keys)}
    up, down = (np.zeros(len(place), dtype=np.int64) for _ in range(2))
    limits = policy.thresholds(MeasureKind.COUNT)
    for row in (row for table in rows.values() for row in table):
        spread = Spread(_units(row["TOT"]), int(row["N_OBS"]), _units(row["MAX"]))
        level = judged(spread, limits, policy.protection, zeros=policy.zeros)
        if level is not None:
            cell = place[cell_key(tuple(row)[:2], tuple(row.values())[:2])]
            up[cell], down[cell] = level.up, level.down
    return Needs(up, down)


def _system(linked: Linked, needs: Needs) -> System:
    weights = np.zeros(len(linked.values))
    for cells in linked.places.values():
        weights[list(cells.values())] += 1.0
    rounding = np.array([bool(key) and key[0][0] == ROUNDING for key in linked.keys])
    system = plain_system(linked.values, linked.equations, needs)
    return replace(system, weights=weights, kept=rounding)
