"""Planting faults: which file gets which kind, where in the file, and the exact finding to expect.

Wage faults go into quarters before the first enrollment. Kinds are declared in ``fault_kinds``; whole files
that cannot be read are made in ``broken_files``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from warehouse.sample.draws import hex_key, stream
from warehouse.sample.fault_kinds import FAULT_KINDS, NEUTRAL, RAGGED, FaultKind

PLANTS = {"wage": 3, "enrollment": 2, "credential": 2, "placement": 2}
"""How often each kind is planted; once in a register."""

Place = tuple[str, str]
"""Box and period of a file."""

Rows = list[list[str]]


@dataclass(frozen=True)
class Plant:
    """One kind in one file; ``number`` sets its key apart."""

    kind: FaultKind
    number: int


@dataclass(frozen=True)
class Finding:
    """One finding to expect; ``record`` 1 follows the header, ``column`` is blank for a whole row."""

    firm_id: str
    contract: str
    period: str
    record: int
    column: str
    code: str


def plan_plants(seed: int, contract: str, places: Collection[Place]) -> Mapping[Place, list[Plant]]:
    """Choose a file for every plant of a contract, among those that exist."""
    rng, order = stream(seed, "plants", contract), sorted(places)
    planned: defaultdict[Place, list[Plant]] = defaultdict(list)
    kinds = [kind for kind in FAULT_KINDS if kind.contract == contract]
    repeated = [kind for kind in kinds for _ in range(PLANTS.get(contract, 1))]
    for number, kind in enumerate(repeated if order else ()):
        planned[order[int(rng.integers(len(order)))]].append(Plant(kind, number))
    return planned


@dataclass(frozen=True)
class Bed:
    """A file to plant in: its place, header and genuine rows (at least one)."""

    contract: str
    place: Place
    header: Sequence[str]
    rows: Rows


def plant_all(seed: int, bed: Bed, plants: Sequence[Plant]) -> tuple[Rows, list[Finding]]:
    """The file's rows with the planted ones among them, and what must be found in it."""
    rng = stream(seed, "bed", bed.contract, *bed.place)
    planted = [(plant, row) for plant in plants for row in _broken_rows(seed, bed, plant)]
    total = len(bed.rows) + len(planted)
    places = np.sort(rng.choice(total, size=len(planted), replace=False))
    rows: Rows = list(bed.rows)
    findings = []
    for place, (plant, row) in zip(places.tolist(), planted, strict=True):
        rows.insert(place, row)
        findings.append(_finding(bed, plant.kind, place + 1))
    return rows, findings


def _finding(bed: Bed, kind: FaultKind, record: int) -> Finding:
    firm_id, period = bed.place
    return Finding(firm_id, bed.contract, period, record, kind.column, kind.code)


def _broken_rows(seed: int, bed: Bed, plant: Plant) -> Rows:
    values = dict(zip(bed.header, bed.rows[0], strict=True))
    own_key = next(iter(NEUTRAL[bed.contract]))
    own = {own_key: _key(seed, bed.contract, own_key, plant)}
    values = {**values, **NEUTRAL[bed.contract], **own, **plant.kind.breaks}
    row = [values[name] for name in bed.header]
    if plant.kind.code == RAGGED:
        return [row[:-2]]
    return [list(row) for _ in range(plant.kind.rows)]


def _key(seed: int, contract: str, column: str, plant: Plant) -> str:
    if column == "learner_key":
        return hex_key(seed, "planted", contract, plant.number)
    return f"PLANTED-{plant.number:03d}"
