"""Who stands where: per contract, what was sent and what became of its rows, counted twice.

One count is the ledger's, the other is made anew from the lake's files. How it is shown belongs to the
command line; scores and deadlines of single firms come later.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from contracts import CONTRACTS
from warehouse.boxes import spelled
from warehouse.boxes.completeness import WAITS
from warehouse.boxes.memory import Memory
from warehouse.erased import erased_submissions
from warehouse.home import Home
from warehouse.ledger import ERASED, RECEIVED, REFUSED, STATED, VALIDATED, Entry, Ledger
from warehouse.lineage import Lineage
from warehouse.lineage import Standing as Stands

UNPLACED = "(not understood)"
"""The line of refused drops whose name says no contract."""


@dataclass(frozen=True)
class Standing:
    """One contract: drops received, held, refused and validated, and rows by ledger and by lake.

    ``held`` wait for a word of the firm, or for what they name. ``pending`` are landed and not validated yet.
    """

    contract: str
    submissions: int
    held: int
    refused: int
    pending: int
    rows_in: int
    accepted: int
    quarantined: int
    lake_accepted: int
    lake_quarantined: int

    @property
    def adds_up(self) -> bool:
        """Rows in = accepted + quarantined, and the lake holds exactly the rows the ledger names."""
        in_lake = (self.lake_accepted, self.lake_quarantined)
        return (
            self.rows_in == self.accepted + self.quarantined and (self.accepted, self.quarantined) == in_lake
        )


@dataclass
class _Tally:
    """What is added up while reading the ledger."""

    received: dict[str, Stands] = field(default_factory=dict)
    validated: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    rows: Counter[str] = field(default_factory=Counter)


def standings(home: Home, ledger: Ledger) -> tuple[Standing, ...]:
    """One standing per contract in the order of dependence, and one for refused drops that fit nowhere."""
    tallies = _by_contract(ledger.entries(RECEIVED, STATED, REFUSED, VALIDATED, ERASED))
    names = [*CONTRACTS, *([UNPLACED] if UNPLACED in tallies else [])]
    return tuple(_standing(home, name, tallies.get(name) or _Tally()) for name in names)


def _by_contract(entries: Iterable[Entry]) -> dict[str, _Tally]:
    entries = list(entries)
    lineage = Lineage.read(entries)
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    contract_of: dict[str, str] = {}
    erased = erased_submissions(entries)
    for entry in entries:
        body: Mapping[str, Any] = entry.body
        if body.get("submission_id") in erased:
            continue
        if entry.kind == RECEIVED:
            contract_of[body["submission_id"]] = body["contract"]
            tallies[body["contract"]].received[body["submission_id"]] = lineage.standing(
                body["submission_id"]
            )
        elif entry.kind == VALIDATED:
            _add_result(tallies[contract_of[body["submission_id"]]], body)
        elif entry.kind == REFUSED:
            tallies[body["contract"] or UNPLACED].refused += 1
    return dict(tallies)


def _add_result(tally: _Tally, body: Mapping[str, Any]) -> None:
    tally.validated[body["submission_id"]] += 1
    for count in ("rows_in", "accepted", "quarantined"):
        tally.rows[count] += body[count]


def _standing(home: Home, contract: str, tally: _Tally) -> Standing:
    stands = Counter(tally.received.values())
    ready = [name for name, standing in tally.received.items() if standing is Stands.PLACED]
    return Standing(
        contract=contract,
        submissions=len(tally.received),
        held=stands[Stands.HELD] + stands[Stands.WAITING],
        refused=tally.refused,
        pending=sum(name not in tally.validated for name in ready),
        rows_in=tally.rows["rows_in"],
        accepted=tally.rows["accepted"],
        quarantined=tally.rows["quarantined"],
        lake_accepted=_rows_in_lake(home.lake / "accepted" / contract, tally.validated),
        lake_quarantined=_rows_in_lake(home.lake / "quarantine" / contract, tally.validated),
    )


def _rows_in_lake(zone: Path, validated: Mapping[str, int]) -> int:
    """Rows in the files of validated submissions; what a killed run left behind is not counted."""
    files = (path for path in zone.glob("firm=*/period=*/*.parquet") if path.stem in validated)
    return sum(pq.read_metadata(path).num_rows for path in files)


@dataclass(frozen=True)
class WaitingFile:
    """Something in a firm's box that is not taken yet: why, and since when it has been as it is."""

    firm_id: str
    file_name: str
    code: str
    message: str
    since: datetime


def waiting_files(home: Home) -> tuple[WaitingFile, ...]:
    """What waited in the boxes when they were last looked into, the longest wait first."""
    seen = Memory.read(home).sights.items()
    found = (
        WaitingFile(firm_id, spelled(name), sight.code, WAITS[sight.code].message, sight.since)
        for (firm_id, name), sight in seen
        if sight.code in WAITS
    )
    return tuple(sorted(found, key=lambda one: (one.since, one.firm_id, one.file_name)))


@dataclass(frozen=True)
class RefusedFile:
    """A file of which no row was taken, with the code that says why."""

    firm_id: str
    file_name: str
    code: str


def refused_files(ledger: Ledger) -> tuple[RefusedFile, ...]:
    """Every file refused at the door or found unusable by intake, in the ledger's order."""
    sent: dict[str, Mapping[str, Any]] = {}
    refused = []
    for entry in ledger.entries(RECEIVED, REFUSED, VALIDATED):
        body: Mapping[str, Any] = entry.body
        if entry.kind == RECEIVED:
            sent[body["submission_id"]] = body
        elif entry.kind == REFUSED:
            refused.append(RefusedFile(body["firm_id"], body["file_name"], body["code"]))
        elif body["status"] == "REJECTED" and body["rows_in"] == 0:
            came = sent[body["submission_id"]]
            refused += [RefusedFile(came["firm_id"], came["file_name"], code) for code in body["violations"]]
    return tuple(refused)
