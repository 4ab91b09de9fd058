"""A text file judged while it is read: it finds the same, reads suspects again, and notices lost rows."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from contracts import CONTRACTS
from tests.warehouse.checking_files import FIRM, GOOD, KINDS, PERIOD, Truth, good_row, planted, write_csv
from warehouse.checking import CheckOrder, CheckReport, check_file, source
from warehouse.duck import connect
from warehouse.intake.octets import FileOctets, Octets
from warehouse.intake.parse import Blob, create_parsed_table, parse_blobs, read_records
from warehouse.intake.records import RecordIndex, index_records

COLUMNS = ("a", "b", "absent")
NASTY = b'\xef\xbb\xbfb,other,a\r\n1,,x\r\n\r\n"two\r\nlines, quoted",""," y"\r\n3,z,\xc3\xa9\r\n"4""",,'


def found(report: CheckReport) -> Truth:
    names = ("record", "column", "code")
    return set(zip(*(report.violations[name].to_pylist() for name in names), strict=True))


@pytest.mark.parametrize("contract", GOOD)
def test_check_finds_exactly_what_was_planted_when_no_row_is_ragged(tmp_path: Path, contract: str) -> None:
    kinds = [kind for kind in KINDS if kind.contract == contract]
    header, rows, truth = planted(contract, kinds, ragged=False)
    report = check_file(
        CheckOrder(path=write_csv(tmp_path / f"{contract}_{PERIOD}", header, rows), firm=FIRM)
    )
    assert (report.findings, report.rows_in) == ((), len(rows))
    assert found(report) == truth


def written(header: Sequence[str], rows: Sequence[Sequence[str]], line_end: str, quoting: int) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end, quoting=quoting).writerows([header, *rows])  # type: ignore[arg-type]
    return text.getvalue().encode()


@pytest.mark.parametrize(
    "spelled",
    [
        lambda header, rows: b"\xef\xbb\xbf" + written(header, rows, "\r\n", csv.QUOTE_MINIMAL),
        lambda header, rows: written(header, rows, "\n", csv.QUOTE_ALL),
        lambda header, rows: written(header[::-1], [row[::-1] for row in rows], "\n", csv.QUOTE_MINIMAL),
        lambda header, rows: written(header, rows, "\n\n", csv.QUOTE_MINIMAL).rstrip(),
    ],
    ids=["mark and returns", "all quoted", "columns turned around", "blank lines"],
)
def test_check_finds_the_same_however_a_file_is_spelled(
    tmp_path: Path, spelled: Callable[[list[str], list[list[str]]], bytes]
) -> None:
    kinds = [kind for kind in KINDS if kind.contract == "wage"]
    header, rows, truth = planted("wage", kinds, ragged=False)
    path = tmp_path / f"wage_{PERIOD}.csv"
    path.write_bytes(spelled(header, rows))
    assert found(check_file(CheckOrder(path=path, firm=FIRM))) == truth


@pytest.mark.parametrize("records", [[1], [2], [1, 3], [4], [1, 2, 3, 4]])
def test_records_are_read_again_as_they_were_read_first(tmp_path: Path, records: list[int]) -> None:
    path = tmp_path / "nasty"
    path.write_bytes(NASTY)
    blob = Blob("nasty", path, ("b", "other", "a"), index_records(FileOctets(path)))
    with connect() as con:
        create_parsed_table(con, "first", COLUMNS)
        parse_blobs(con, "first", [blob], COLUMNS)
        read_records(con, "again", blob, np.array(records, dtype=np.int64), COLUMNS, tmp_path / "folder")
        chosen = f"WHERE record IN ({', '.join(map(str, records))}) ORDER BY record"
        first, again = (con.execute(f"FROM {name} {chosen}").fetchall() for name in ("first", "again"))
    assert [row[1] for row in again] == records
    assert again == first


def one_record_less(data: Octets) -> RecordIndex:
    index = index_records(data)
    return replace(
        index, **{name: getattr(index, name)[:-1] for name in ("starts", "ends", "lines", "fields")}
    )


def test_check_refuses_a_file_when_other_rows_were_judged_than_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = list(CONTRACTS["wage"].column_names())
    rows = [list(good_row("wage", number).values()) for number in range(3)]
    path = write_csv(tmp_path / f"wage_{PERIOD}", header, rows)
    monkeypatch.setattr(source, "index_records", one_record_less)
    assert [one.code for one in check_file(CheckOrder(path=path)).findings] == ["FIL-025"]


def test_check_brings_neither_pandas_nor_a_library_of_workbooks_along() -> None:
    told = "import sys, warehouse.checking; print({'pandas', 'openpyxl', 'duckdb'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{'duckdb'}"
