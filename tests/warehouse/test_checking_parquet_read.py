"""Parquet at the firm: every flat type as exact text, nested refused, damage never silently read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts import CONTRACTS
from tests.warehouse.checking_files import good_row, write_parquet
from warehouse.checking import CheckOrder, CheckReport, Verdict, check_file
from warehouse.intake.formats import parquet_reader as reader

WAGE = list(CONTRACTS["wage"].column_names())


def wage_table(rows: int = 3, **columns: pa.Array) -> pa.Table:
    """Good wage rows as text, some columns replaced."""
    texts = list(zip(*(good_row("wage", number).values() for number in range(rows)), strict=True))
    table = pa.table([pa.array(text, pa.string()) for text in texts], names=WAGE)
    for name, values in columns.items():
        table = table.set_column(WAGE.index(name), name, values)
    return table


def check(folder: Path, table: pa.Table) -> CheckReport:
    path = folder / "wage_2024Q1.parquet"
    pq.write_table(table, path)
    return check_file(CheckOrder(path=path))


@pytest.mark.parametrize(
    "values,texts",
    [
        (pa.array(["a", None, ""]), ["a", "", ""]),
        (pa.array(["a", None, "b"], pa.large_string()), ["a", "", "b"]),
        (pa.array(["a", None, "a"]).dictionary_encode(), ["a", "", "a"]),
        (pa.array([1, None, -3], pa.int8()), ["1", "", "-3"]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (pa.array([1e5, 9850.1, None]), ["100000", "9850.1", ""]),
        (pa.array([9850.1, 1e10], pa.float32()), ["9850.1", "10000000000"]),
        (pa.array([1.5], pa.float16()), ["1.5"]),
        (pa.array([Decimal("9850.10"), None], pa.decimal128(12, 2)), ["9850.1", ""]),
        (pa.array([Decimal("1E+3")], pa.decimal128(5, -3)), ["1000"]),
        (pa.array([True, False, None]), ["1", "0", ""]),
        (pa.array([date(2024, 2, 1), None]), ["2024-02-01", ""]),
        (pa.array([date(2024, 2, 1)], pa.date64()), ["2024-02-01"]),
        (pa.array([datetime(2024, 2, 1)], pa.timestamp("ns")), ["2024-02-01"]),
        (pa.array([datetime(2024, 2, 1, 8)], pa.timestamp("s")), ["2024-02-01T08:00:00"]),
        (pa.array([datetime(2024, 2, 1, tzinfo=UTC)]), ["2024-02-01T00:00:00+00:00"]),
        (pa.nulls(2), ["", ""]),
    ],
    ids=lambda one: str(one.type) if isinstance(one, pa.Array) else "",
)
def test_flat_column_becomes_exact_text(values: pa.Array, texts: list[str]) -> None:
    assert reader._as_texts(values).to_pylist() == texts


def test_typed_columns_that_are_right_are_clean(tmp_path: Path) -> None:
    report = check(
        tmp_path,
        wage_table(
            gross_wages_usd=pa.array([Decimal("9850.10")] * 3, pa.decimal128(12, 2)),
            hours_paid=pa.array([480.25] * 3),
            weeks_worked=pa.array([13, 12, None], pa.int32()),
            participant_flag=pa.array([True, False, None]),
            subsidized=pa.nulls(3),
        ),
    )
    assert report.verdict is Verdict.CLEAN


@pytest.mark.fault("I40")
def test_code_stored_as_a_number_is_found_and_explained(tmp_path: Path) -> None:
    report = check(tmp_path, wage_table(primary_work_county_fips=pa.array([6037] * 3)))
    assert [one.code for one in report.codes] == ["CEL-170"]
    assert [(one.code, one.column) for one in report.notes] == [("FIL-058", "primary_work_county_fips")]


@pytest.mark.fault("I40")
@pytest.mark.parametrize(
    "values",
    [
        pa.array([["a"]] * 3),
        pa.array([{"a": 1}] * 3),
        pa.array([[("a", 1)]] * 3, pa.map_(pa.string(), pa.int64())),
        pa.array([b"a"] * 3),
        pa.array([1] * 3, pa.time64("us")),
        pa.array([1] * 3, pa.duration("us")),
    ],
    ids=lambda values: str(values.type),
)
def test_column_without_plain_text_refuses_the_file(tmp_path: Path, values: pa.Array) -> None:
    report = check(tmp_path, wage_table(soc_code=values))
    assert [(one.code, one.column) for one in report.findings] == [("FIL-062", "column 12")]
    assert report.exit_status == 2


@pytest.mark.fault("I39")
def test_duplicate_column_refuses_the_file(tmp_path: Path) -> None:
    table = wage_table().rename_columns(["firm_id" if name == "hours_paid" else name for name in WAGE])
    assert {one.code for one in check(tmp_path, table).findings} == {"FIL-022"}


def test_file_without_rows_is_refused(tmp_path: Path) -> None:
    assert [one.code for one in check(tmp_path, wage_table().slice(0, 0)).findings] == ["FIL-023"]


@pytest.mark.fault("I38")
def test_few_bytes_that_stand_for_too_many_cells_are_refused(tmp_path: Path) -> None:
    column = pa.array(np.zeros(2_000_000, dtype=np.int8))
    table = pa.table({f"c{place}": column for place in range(501)})
    path = tmp_path / "wage_2024Q1.parquet"
    pq.write_table(table, path)
    assert path.stat().st_size < 5_000_000
    report = check_file(CheckOrder(path=path))
    assert [one.code for one in report.findings] == ["FIL-063"]


@pytest.mark.fault("I36")
def test_flipped_bits_are_refused_or_change_nothing(tmp_path: Path) -> None:
    header = WAGE[:6]
    rows = [list(good_row("wage", number).values())[:6] for number in range(50)]
    path = write_parquet(tmp_path / "wage_2024Q1", header, rows)
    whole, generator = path.read_bytes(), np.random.default_rng(7)
    for offset in generator.integers(4, len(whole) - 8, 600).tolist():
        spoiled = bytearray(whole)
        spoiled[offset] ^= 1 << int(generator.integers(8))
        path.write_bytes(spoiled)
        answer = reader.read_parquet(path, tmp_path / "rows.arrow", lambda done, total: None)
        if not answer.findings and answer.header == tuple(header):
            table = pa.ipc.open_file(tmp_path / "rows.arrow").read_all()
            assert [list(row.values())[2:] for row in table.to_pylist()] == rows


@pytest.mark.fault("I36")
@pytest.mark.parametrize("data", [b"PAR1" + bytes(50), b"PAR1", b"PAR1" + bytes(8) + b"PAR1"])
def test_damaged_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "wage_2024Q1.parquet"
    path.write_bytes(data)
    assert [one.code for one in check_file(CheckOrder(path=path)).findings] == ["FIL-060"]


@pytest.mark.fault("I41")
def test_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wage_2024Q1.parquet"
    path.write_bytes(b"PARE" + bytes(50) + b"PARE")
    assert [one.code for one in check_file(CheckOrder(path=path)).findings] == ["FIL-061"]


def test_text_that_is_not_utf8_refuses_the_file(tmp_path: Path) -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 3, [None, pa.array([0, 1, 2, 3], pa.int32()).buffers()[1], pa.py_buffer(b"\xff\xfea")]
    )
    assert [one.code for one in check(tmp_path, wage_table(pay_basis=broken)).findings] == ["FIL-060"]


def test_control_character_in_a_cell_refuses_the_file(tmp_path: Path) -> None:
    report = check(tmp_path, wage_table(pay_basis=pa.array(["", "a\tb", "c\x01d"])))
    assert [(one.code, one.line, one.column) for one in report.findings] == [("FIL-011", 3, "column 16")]
