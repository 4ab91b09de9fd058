"""I30, I37, I43, I45: archives over themselves, nests, second names and devices."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.faults.conftest import Copies
from tests.faults.region import wage_file
from warehouse.checking.check import CheckOrder, check_file
from warehouse.landing import land_pending
from warehouse.ledger import REFUSED, Ledger


def codes_of(path: Path) -> list[str]:
    return [finding.code for finding in check_file(CheckOrder(path=path)).findings]


@pytest.mark.fault("I30")
def test_archive_is_refused_when_its_entries_lie_over_each_other(tmp_path: Path) -> None:
    path = tmp_path / "wage_2026Q1.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>" * 100)
        archive.writestr("xl/a.xml", "<x/>")
        archive.filelist[1].header_offset = 10
    assert codes_of(path) == ["FIL-052"]


@pytest.mark.fault("I30")
def test_archive_is_refused_when_it_holds_itself(tmp_path: Path) -> None:
    inner, path = tmp_path / "inner.xlsx", tmp_path / "wage_2026Q1.xlsx"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("wage_2026Q1.xlsx", b"PK")
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "wage_2026Q1.xlsx")
    assert codes_of(path) == ["FIL-050"]


@pytest.mark.fault("I37")
def test_parquet_is_refused_when_it_is_nested_two_hundred_deep(tmp_path: Path) -> None:
    kind: pa.DataType = pa.int8()
    for _ in range(200):
        kind = pa.struct([("x", kind)])
    path = tmp_path / "wage_2026Q1.parquet"
    pq.write_table(pa.table({"x": pa.nulls(3, kind)}), path)
    assert codes_of(path)[0] in {"FIL-060", "FIL-062"}


@pytest.mark.fault("I43")
def test_file_with_a_second_name_lands_and_the_other_name_stays(copies: Copies, tmp_path: Path) -> None:
    home = copies()
    outside = home.root / "elsewhere.csv"
    outside.write_bytes(wage_file("F001", 3, quarter="2024Q1"))
    os.link(outside, home.inbox("F001") / "wage_2024Q1.csv")
    with Ledger.open(home) as ledger:
        assert land_pending(home, ledger).received == 8
    assert outside.read_bytes() == wage_file("F001", 3, quarter="2024Q1")
    assert outside.stat().st_nlink == 1


@pytest.mark.fault("I45")
def test_device_is_set_aside_unread(copies: Copies) -> None:
    home = copies()
    device = home.inbox("F001") / "wage_2024Q1.csv"
    try:
        os.mknod(device, stat.S_IFCHR | 0o600, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("only root may make a device")
    with Ledger.open(home) as ledger:
        land_pending(home, ledger)
        refused = {e.body["file_name"]: e.body["code"] for e in ledger.entries(REFUSED)}
    assert refused["wage_2024Q1.csv"] == "FIL-035"
