"""What a firm mended since its last try: a submission beside the one before it in the same place.

A place is a box, extract and period. Rows are told apart by their natural key as it was sent, so that a file
in another order compares as well; only counts come out. Corrections state a part and are left out. What the
findings mean belongs to ``receipts``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import JsonValue

from contracts import contract
from warehouse.home import Home
from warehouse.lake import Submission, zone_file
from warehouse.ledger import RECEIVED, REFUSED, STATED, VALIDATED, Entry
from warehouse.lineage import CORRECTION

Finding = tuple[str, str | None, tuple[str, ...]]
"""Code, column, and the natural key of the row (empty for a file as a whole and for ragged records)."""

Slot = tuple[str, str, str]


@dataclass(frozen=True)
class Try:
    """An earlier attempt: its receipt's id, its status, and the codes it was refused for as a file."""

    receipt_id: str
    status: str
    file_codes: tuple[str, ...] = ()
    has_rows: bool = False


@dataclass(frozen=True)
class Change:
    """One code in one column: rows (or files) mended, still wrong, and newly wrong."""

    code: str
    column: str | None
    fixed: int
    persisting: int
    new: int


@dataclass(frozen=True)
class SinceLastTry:
    """A submission beside its predecessor."""

    before: Try
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, JsonValue]:
        """As the receipt has it."""
        changes: list[JsonValue] = [dict(vars(change)) for change in self.changes]
        return {"receipt_id": self.before.receipt_id, "status": self.before.status, "changes": changes}


@dataclass
class Tries:
    """The last try for every box, extract and period."""

    last: dict[Slot, Try] = field(default_factory=dict)
    _slots: dict[str, Slot] = field(default_factory=dict)

    @classmethod
    def read(cls, entries: Iterable[Entry]) -> Tries:
        """From RECEIVED, STATED, REFUSED and VALIDATED entries, in the ledger's order."""
        tries = cls()
        for entry in entries:
            tries.remember(entry.kind, entry.body, entry.seq)
        return tries

    def remember(self, kind: str, body: Mapping[str, Any], seq: int = 0) -> None:
        """Take in what an entry says, or will say; of a refusal also its number."""
        if kind == RECEIVED and body["submission_type"] != CORRECTION:
            self._slots[body["submission_id"]] = (body["firm_id"], body["contract"], body["period"])
        elif kind == REFUSED and body["contract"] and body["period"]:
            slot = (body["firm_id"], body["contract"], body["period"])
            self.last[slot] = Try(f"refused-{seq}", REFUSED, (body["code"],))
        elif kind == STATED and body["submission_type"] == CORRECTION:
            self._slots.pop(str(body["answers"]), None)
        elif kind == VALIDATED and body["submission_id"] in self._slots:
            self.last[self._slots[body["submission_id"]]] = _judged(body)

    def since(self, home: Home, submission: Submission, file_codes: Iterable[str]) -> SinceLastTry | None:
        """How a submission, now in the lake, compares with the try before; None: a first."""
        before = self.last.get((submission.firm_id, submission.contract, submission.period))
        if before is None or submission.submission_type == CORRECTION:
            return None
        earlier = _findings(home, submission, before.receipt_id) if before.has_rows else Counter()
        earlier.update(_of_file(before.file_codes))
        now = _findings(home, submission, submission.submission_id)
        now.update(_of_file(file_codes))
        return SinceLastTry(before, tuple(_changes(earlier, now)))


def _judged(body: Mapping[str, Any]) -> Try:
    has_rows = body["rows_in"] > 0
    codes = () if has_rows else tuple(body["violations"])
    return Try(body["submission_id"], body["status"], codes, has_rows)


def _of_file(codes: Iterable[str]) -> Counter[Finding]:
    return Counter((code, None, ()) for code in codes)


def _changes(earlier: Counter[Finding], now: Counter[Finding]) -> Iterable[Change]:
    fixed, persisting, new = (_by_code(part) for part in (earlier - now, earlier & now, now - earlier))
    for code, column in sorted({*fixed, *persisting, *new}, key=lambda key: (key[0], key[1] or "")):
        counts = (part[code, column] for part in (fixed, persisting, new))
        yield Change(code, column, *counts)


def _by_code(findings: Counter[Finding]) -> Counter[tuple[str, str | None]]:
    tally: Counter[tuple[str, str | None]] = Counter()
    for (code, column, _), count in findings.items():
        tally[code, column] += count
    return tally


def _findings(home: Home, like: Submission, submission_id: str) -> Counter[Finding]:
    """Every violation of a submission that lies in the lake; nothing where its rows were erased."""
    slot = (like.contract, like.firm_id, like.period, submission_id)
    path = zone_file(home, "violations", *slot)
    if not path.is_file():
        return Counter()
    places = pq.read_table(path, columns=["record", "column", "code"], partitioning=None).to_pylist()
    keys: dict[int, tuple[str, ...]] = {}
    for zone in ("quarantine", "accepted"):
        keys |= _keys(
            zone_file(home, zone, *slot), contract(like.contract).meta.key, {p["record"] for p in places}
        )
    return Counter((p["code"], p["column"], keys.get(p["record"], ())) for p in places)


def _keys(path: Path, key: tuple[str, ...], records: set[int]) -> dict[int, tuple[str, ...]]:
    """The natural key of these records as text; empty for a ragged record, which has none."""
    if not path.is_file():
        return {}
    table = pq.read_table(path, columns=["record", *key], partitioning=None)
    texts = [table[name].cast(pa.string()).to_pylist() for name in key]
    rows = zip(table["record"].to_pylist(), *texts, strict=True)
    return {
        record: tuple(text or "" for text in row) if any(row) else ()
        for record, *row in rows
        if record in records
    }
