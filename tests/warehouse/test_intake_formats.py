"""Workbooks, Parquet and sealed files in boxes: the same rows as text gives, hostile ones refused by code."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage
import pytest
from openpyxl import Workbook

from tests.faults.region import CONFIG
from warehouse.formats import FileKind
from warehouse.home import Home, init_home, open_box
from warehouse.intake.formats.isolation import Limits
from warehouse.intake.formats.readers import Readers
from warehouse.intake.receipts import column_letters
from warehouse.intake.validate import validate_landed
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

HEADER = ("learner_key", "key_epoch", "firm_id", "year_quarter", "gross_wages_usd", "hours_paid")
CANARY = "Zanzibar"
DOLLARS = ("4000.00", CANARY, "4002.5", "-1")
"""Rows 2 and 4 are wrong."""

Table = list[list[str]]
Content = Callable[[str], bytes]


def rows(firm: str) -> Table:
    keys = (hashlib.sha256(str(number).encode()).hexdigest() for number in range(len(DOLLARS)))
    return [[key, "1", firm, "2026Q1", dollars, "520"] for key, dollars in zip(keys, DOLLARS, strict=True)]


def as_csv(firm: str) -> bytes:
    return "\n".join(",".join(row) for row in (list(HEADER), *rows(firm), [])).encode()


def as_xlsx(firm: str, change: Callable[[Any], None] = lambda book: None) -> bytes:
    """The header below a title, on the second sheet."""
    book, written = Workbook(), io.BytesIO()
    book.active.append(["Read me"])
    sheet = book.create_sheet("Ours")
    for row in (["Wages of the quarter"], list(HEADER), *rows(firm)):
        sheet.append(row)
    change(book)
    book.save(written)
    return written.getvalue()


def as_parquet(firm: str) -> bytes:
    written = io.BytesIO()
    columns = [pa.array(column, pa.string()) for column in zip(*rows(firm), strict=True)]
    pq.write_table(pa.table(columns, names=HEADER), written)
    return written.getvalue()


def repacked(data: bytes, members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**{name: old.read(name) for name in old.namelist()}, **members}.items():
            new.writestr(name, content)
    return written.getvalue()


def with_formula(firm: str) -> bytes:
    return as_xlsx(firm, lambda book: book["Ours"].append(["=1+1"]))


def ragged(firm: str) -> bytes:
    return as_xlsx(firm, lambda book: book["Ours"].append([*rows(firm)[0], "one too many"]))


def far_away(firm: str) -> bytes:
    return as_xlsx(firm, lambda book: book["Ours"].cell(1_048_576, 16_384, "x"))


def spoiled(firm: str) -> bytes:
    data = bytearray(as_parquet(firm))
    data[len(data) // 4] ^= 0x10
    return bytes(data[: len(data) // 2])


LAUGHS = b'<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
HOSTILE: Mapping[str, tuple[str, str, Content]] = {
    "bomb": ("xlsx", "FIL-052", lambda f: repacked(as_xlsx(f), {"xl/media/a": bytes(20_000_000)})),
    "macro": ("xlsx", "FIL-053", lambda f: repacked(as_xlsx(f), {"xl/vbaProject.bin": b"x"})),
    "linked": (
        "xlsx",
        "FIL-053",
        lambda f: repacked(as_xlsx(f), {"xl/externalLinks/link.xml": b"x"}),
    ),
    "laughs": ("xlsx", "FIL-050", lambda f: repacked(as_xlsx(f), {"xl/worksheets/sheet2.xml": LAUGHS})),
    "formula": ("xlsx", "FIL-054", with_formula),
    "text-as-book": ("xlsx", "FIL-050", as_csv),
    "old-book": ("xlsx", "FIL-051", lambda f: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)),
    "book-as-text": ("csv", "FIL-010", as_xlsx),
    "damaged": ("parquet", "FIL-060", spoiled),
    "encrypted": ("parquet", "FIL-061", lambda f: b"PARE" + bytes(50) + b"PARE"),
    "other-key": ("csv.age", "FIL-064", lambda f: sealed(as_csv(f), pyrage.x25519.Identity.generate())),
    "unsealed": ("csv.age", "FIL-064", as_csv),
    "cut-off": ("parquet.age", "FIL-064", lambda f: sealed(as_parquet(f), OURS)[:-9]),
    "bomb-inside": ("xlsx.age", "FIL-052", lambda f: sealed(HOSTILE["bomb"][2](f), OURS)),
}
OURS = pyrage.x25519.Identity.generate()


def sealed(data: bytes, reader: pyrage.x25519.Identity) -> bytes:
    return bytes(pyrage.encrypt(data, [reader.to_public()]))


SOUND: Mapping[str, Content] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "parquet": as_parquet,
    "csv.age": lambda firm: sealed(as_csv(firm), OURS),
    "xlsx.age": lambda firm: sealed(as_xlsx(firm), OURS),
    "parquet.age": lambda firm: sealed(as_parquet(firm), OURS),
}


def firm_of(ending: str) -> str:
    return "sound-" + ending.replace(".", "-")


@dataclass(frozen=True)
class Judged:
    """A home after one intake, and what every firm's receipt says."""

    home: Home
    receipts: Mapping[str, Mapping[str, Any]]

    def rows(self, zone: str, ending: str) -> list[dict[str, Any]]:
        """The firm's rows in a zone of the lake, without what is its own."""
        (path,) = (self.home.lake / zone / "wage" / f"firm={firm_of(ending)}").glob("*/*.parquet")
        own = {"submission_id", "box_firm_id", "firm_id", "tx_from", "line"}
        found = pq.read_table(path, partitioning=None).to_pylist()
        return [{name: cell for name, cell in row.items() if name not in own} for row in found]


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    home = init_home(tmp_path_factory.mktemp("formats") / "home", CONFIG)
    home.sealing_key_path.unlink()
    home.sealing_key_path.write_text(str(OURS))
    sent = {firm_of(ending): (ending, content) for ending, content in SOUND.items()}
    sent |= {firm: (ending, content) for firm, (ending, _, content) in HOSTILE.items()}
    sent |= {"ragged": ("xlsx", ragged), "far-away": ("xlsx", far_away)}
    for firm, (ending, content) in sent.items():
        (open_box(home, firm) / f"wage_2026Q1.{ending}").write_bytes(content(firm))
    with Ledger.open(home) as ledger:
        land_pending(home, ledger)
        validate_landed(home, ledger)
    return Judged(home, {firm: _receipt(home, firm) for firm in sent})


def _receipt(home: Home, firm: str) -> Mapping[str, Any]:
    (path,) = home.outbox(firm).glob("*.receipt.json")
    said: Mapping[str, Any] = json.loads(path.read_text())
    return said


@pytest.mark.parametrize("ending", [ending for ending in SOUND if ending != "csv"])
def test_same_rows_give_the_same_lake_in_every_format(judged: Judged, ending: str) -> None:
    for zone in ("accepted", "quarantine", "violations"):
        assert judged.rows(zone, ending) == judged.rows(zone, "csv")
    counts = [judged.receipts[firm_of(ending)][name] for name in ("rows_in", "accepted", "quarantined")]
    assert counts == [4, 2, 2]


@pytest.mark.parametrize(
    "ending,place,first",
    [
        ("csv", "line", {"record": 2, "line": 3}),
        ("csv.age", "line", {"record": 2, "line": 3}),
        ("xlsx", "sheet row", {"record": 2, "line": 4, "cell": "E4"}),
        ("xlsx.age", "sheet row", {"record": 2, "line": 4, "cell": "E4"}),
        ("parquet", "row", {"record": 2, "line": 2}),
    ],
)
def test_receipt_names_places_as_the_sender_finds_them(
    judged: Judged, ending: str, place: str, first: Mapping[str, object]
) -> None:
    receipt = judged.receipts[firm_of(ending)]
    assert (receipt["place"], receipt["sealed"]) == (place, ending.endswith(".age"))
    assert receipt["sheet"] == (2 if "xlsx" in ending else None)
    assert receipt["violations"][0] == {"column": "gross_wages_usd", "code": "CEL-140", **first}
    page = (judged.home.outbox(firm_of(ending)) / f"{receipt['receipt_id']}.receipt.html").read_text()
    assert place.capitalize() in page
    assert ("E4" in page) == ("cell" in first)
    assert CANARY not in page + json.dumps(receipt)


@pytest.mark.fault("I28", "I29", "I31", "I32", "I35", "I36", "I41")
@pytest.mark.parametrize("firm", HOSTILE)
def test_hostile_file_of_another_kind_is_refused_by_code(judged: Judged, firm: str) -> None:
    receipt = judged.receipts[firm]
    assert receipt["status"] == "REJECTED"
    assert [one["code"] for one in receipt["file_findings"]] == [HOSTILE[firm][1]]
    assert (receipt["rows_in"], CANARY in json.dumps(receipt)) == (0, False)


def test_ragged_row_of_a_sheet_is_set_aside_in_its_place(judged: Judged) -> None:
    receipt = judged.receipts["ragged"]
    assert {"record": 5, "line": 7, "column": None, "code": "ROW-001"} in receipt["violations"]
    assert receipt["rows_in"] == 5


@pytest.mark.fault("I33")
def test_cell_at_the_end_of_a_sheet_is_one_ragged_row(judged: Judged) -> None:
    receipt = judged.receipts["far-away"]
    assert [one["code"] for one in receipt["violations"] if one["line"] == 1_048_576] == ["ROW-001"]


def test_plain_copies_and_extracted_rows_are_gone_afterwards(judged: Judged) -> None:
    assert not list((judged.home.landing / ".plain").iterdir())


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    with Readers() as ready:
        yield ready


@pytest.mark.fault("F23")
@pytest.mark.parametrize(
    "limits", [Limits(file_bytes=16), Limits(cpu_seconds=0), Limits(silent_seconds=0.001)]
)
def test_reader_beyond_its_limits_ends_and_the_next_goes_on(
    tmp_path: Path, readers: Readers, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book"
    path.write_bytes(as_xlsx("A"))
    with monkeypatch.context() as narrower:
        narrower.setattr(readers, "_limits", limits)
        ended = readers.read(FileKind.XLSX, path, tmp_path / "rows", frozenset(HEADER))
    assert [one.code for one in ended.findings] == ["FIL-059"]
    assert readers.read(FileKind.XLSX, path, tmp_path / "rows", frozenset(HEADER)).rows == len(DOLLARS)


def test_parent_of_readers_that_was_killed_is_replaced(tmp_path: Path, readers: Readers) -> None:
    path = tmp_path / "book"
    path.write_bytes(as_xlsx("A"))
    assert readers.read(FileKind.XLSX, path, tmp_path / "rows", frozenset(HEADER)).rows == len(DOLLARS)
    assert readers._parent.process is not None
    readers._parent.process.kill()
    readers._parent.process.wait()
    assert readers.read(FileKind.XLSX, path, tmp_path / "rows", frozenset(HEADER)).rows == len(DOLLARS)


def test_full_disk_is_the_fault_of_the_house_and_refuses_no_file(tmp_path: Path, readers: Readers) -> None:
    path = tmp_path / "book"
    path.write_bytes(as_xlsx("A"))
    with pytest.raises(OSError, match="No space"):
        readers.read(FileKind.XLSX, path, Path("/dev/full"), frozenset(HEADER))


@pytest.mark.parametrize("place,letters", [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_is_named_as_a_spreadsheet_does(place: int, letters: str) -> None:
    assert column_letters(place) == letters
