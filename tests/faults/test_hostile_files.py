"""I01–I27, I49: hostile and unlucky CSV files, all in one intake, beside a firm whose file is sound."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.conftest import WHOLE, Seen
from tests.faults.errands import ended, started, take
from tests.faults.region import CONFIG, WAGE_HEADER, put, wage_file
from warehouse.home import Home, init_home
from warehouse.ledger import RECEIVED, VALIDATED, Ledger

pytestmark = pytest.mark.xdist_group("hostile")
KEY = "ab" * 32
SQL = "'); DROP TABLE raw; --"
RAGGED, QUARANTINE, REJECTED, ACCEPTED = "RAGGED", "PARTIAL", "REJECTED", "ACCEPTED"


def row(dollars: str = "4000.00", *, firm: str, key: str = KEY, hours: str = "520") -> bytes:
    return f"{key},1,{firm},2026Q1,{dollars},{hours},500\n".encode()


@dataclass(frozen=True)
class Plant:
    """What one firm sends: what stands around one good row, and what must be said of it."""

    fault: str
    status: str
    code: str | None
    before: bytes = b""
    after: bytes = b""
    header: bytes = WAGE_HEADER.encode() + b"\n"
    good: bool = True
    swap: tuple[bytes, bytes] = (b"", b"")
    filled: int = 0
    """Bytes of one letter behind all of it, written piece by piece."""

    def content(self, firm: str) -> bytes:
        rows = self.after.replace(b"FIRM", firm.encode())
        text = self.before + self.header + (row(firm=firm) if self.good else b"") + rows
        return text.replace(*self.swap) if self.swap[0] else text


def cell(dollars: str, hours: str = "520") -> bytes:
    """A second row with this in its wages or hours."""
    return f"{'cd' * 32},1,FIRM,2026Q1,{dollars},{hours},500\n".encode()


MIB = 1 << 20
LONG = (1024 if WHOLE else 16) * MIB
PLANTS: Mapping[str, Plant] = {
    "one-line": Plant("I01", REJECTED, "FIL-003", filled=LONG),
    "last-record": Plant("I02", REJECTED, "FIL-024", after=b'"' + b"x" * 33 * MIB + b'"'),
    "last-line": Plant("I02", REJECTED, "FIL-003", filled=33 * MIB),
    "columns-10k": Plant("I03", REJECTED, "FIL-003", after=b"," * 10_000 + b"\n"),
    "columns-100k": Plant("I03", REJECTED, "FIL-003", after=b"," * 100_000 + b"\n"),
    "quotes-even": Plant("I04", QUARANTINE, None, after=b'"' * 1_000_000 + b",1,FIRM,2026Q1,1,1,1\n"),
    "quotes-odd": Plant("I04", REJECTED, "FIL-024", after=b'"' * 999_999 + b"\n"),
    "no-byte": Plant("I05", REJECTED, "FIL-023", header=b"", good=False),
    "no-rows": Plant("I06", REJECTED, "FIL-023", good=False),
    "mark": Plant("I07", ACCEPTED, None, before=b"\xef\xbb\xbf"),
    "no-break": Plant("I08", ACCEPTED, None, after=cell("4001.00").rstrip()),
    "two-encodings": Plant("I12", REJECTED, "FIL-010", after="é,\n".encode() + "é\n".encode("cp1252")),
    "overlong": Plant("I13", REJECTED, "FIL-010", after=b"\xc0\xaf\n"),
    "nul": Plant("I14", REJECTED, "FIL-011", after=b"a\x00b\n"),
    "escape": Plant("I15", REJECTED, "FIL-011", after=b"\x1b[2J\n"),
    "backward": Plant("I15", REJECTED, "FIL-011", after=cell("\u202e00.01")),
    "returns": Plant("I16", REJECTED, "FIL-012", swap=(b"\n", b"\r")),
    "ragged": Plant("I17", QUARANTINE, None, after=b"1,2\n"),
    "unclosed": Plant("I18", REJECTED, "FIL-024", after=b'"never closed\n'),
    "twice": Plant("I19", REJECTED, "FIL-022", swap=(b"hours_worked", b"hours_paid")),
    "renamed": Plant("I19", REJECTED, "FIL-020", swap=(b"gross_wages_usd", b"wages")),
    "semicolons": Plant("I20", REJECTED, "FIL-020", swap=(b",", b";")),
    "comma": Plant("I21", QUARANTINE, None, after=cell('"12,50"')),
    "infinity": Plant("I23", QUARANTINE, None, after=cell("inf")),
    "no-number": Plant("I23", QUARANTINE, None, after=cell("NaN")),
    "power": Plant("I24", QUARANTINE, None, after=cell("1e309")),
    "minus-zero": Plant("I25", ACCEPTED, None, after=cell("-0.00")),
    "huge": Plant("I25", QUARANTINE, None, after=cell("9" * 40)),
    "excel-day": Plant("I27", REJECTED, None, swap=(b"2026Q1", b"46112")),
    "sql-cell": Plant("I49", QUARANTINE, None, after=cell(SQL)),
    "sql-header": Plant("I49", REJECTED, "FIL-021", swap=(b"hours_worked", b"hours); DROP TABLE raw; --")),
}


@dataclass(frozen=True)
class Verdicts:
    """What one intake said of every firm: status, codes, rows in, accepted and quarantined."""

    by_firm: Mapping[str, Mapping[str, object]]


@pytest.fixture(scope="module")
def verdicts(quick_folder: Path) -> Verdicts:
    """Every plant in a box of its own and one sound firm, in one intake."""
    roomy = CONFIG.intake.model_copy(update={"max_file_mb": 2048})
    home = init_home(quick_folder / "hostile", CONFIG.model_copy(update={"intake": roomy}))
    for firm, plant in PLANTS.items():
        path = put(home, firm, "wage_2026Q1.csv", plant.content(firm))
        with path.open("ab") as file:
            for _ in range(0, plant.filled, MIB):
                file.write(b"x" * MIB)
    put(home, "sound", "wage_2026Q1.csv", wage_file("sound", 10))
    assert ended(started(take, home.root), 600) == 0
    return Verdicts(_verdicts(home))


def _verdicts(home: Home) -> dict[str, Mapping[str, object]]:
    with Ledger.open(home) as ledger:
        firms = {str(e.body["submission_id"]): str(e.body["firm_id"]) for e in ledger.entries(RECEIVED)}
        return {firms[str(e.body["submission_id"])]: e.body for e in ledger.entries(VALIDATED)}


@pytest.mark.fault("I01", "I02", "I03", "I04", "I05", "I06", "I07", "I08", "I12", "I13", "I14", "I15")
@pytest.mark.fault("I16", "I17", "I18", "I19", "I20", "I21", "I23", "I24", "I25", "I27", "I49")
@pytest.mark.parametrize("name", PLANTS)
def test_hostile_file_gets_its_verdict(verdicts: Verdicts, name: str, seen: Seen) -> None:
    plant, said = PLANTS[name], verdicts.by_firm[name]
    codes = json.loads(json.dumps(said["violations"]))
    assert said["status"] == plant.status, codes
    assert plant.code is None or plant.code in codes
    assert bool(codes) == (said["status"] != ACCEPTED)
    assert int(str(said["rows_in"])) == int(str(said["accepted"])) + int(str(said["quarantined"]))
    seen(f"{plant.fault} {name}: {said['status']} {', '.join(codes)}".rstrip())


@pytest.mark.fault("I01", "I49", "F23")
def test_sound_file_is_accepted_among_hostile_ones(verdicts: Verdicts) -> None:
    said = verdicts.by_firm["sound"]
    assert (said["status"], said["accepted"]) == (ACCEPTED, 10)
