"""Files to check: good rows by hand, faults planted among them, and three formats to write them in."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from contracts import CONTRACTS
from warehouse.sample.fault_kinds import FAULT_KINDS, NEUTRAL, RAGGED, FaultKind

FIRM, PERIOD = "ACME", "2024Q1"
Rows = list[list[str]]
Truth = set[tuple[int, str | None, str]]
"""Record, column and code of every finding."""

GOOD: Mapping[str, Mapping[str, str]] = {
    "firm": {"joined_on": "2018-07-01", "valid_from": "2018-07-01", "county_fips": "06037"},
    "program": {"name": "Machining", "effective_from": "2018-07-01", "cip_2020": "48.0510"},
    "credential_definition": {
        "name": "Machinist I",
        "ctdl_type": "Certificate",
        "valid_from": "2018-07-01",
    },
    "contribution": {"firm_id": "ACME", "period": "2024Q1"},
    "disbursement": {
        "category": "INSTRUCTOR",
        "amount_usd": "100.00",
        "incurred_on": "2024-02-01",
        "funding_source": "EMPLOYER",
    },
    "enrollment": {
        "key_epoch": "1",
        "firm_id": "ACME",
        "program_id": "CNC",
        "entry_date": "2024-01-15",
        "training_start_date": "2024-01-20",
        "age_at_entry": "34",
        "cip_code": "48.0510",
    },
    "credential": {"key_epoch": "1", "credential_id": "NIMS-1", "attained_date": "2024-02-15"},
    "placement": {
        "key_epoch": "1",
        "firm_id": "ACME",
        "position_key": "POS-1",
        "job_start_date": "2024-02-20",
        "placement_type": "NEW_HIRE",
        "naics_code": "332710",
    },
    "wage": {
        "key_epoch": "1",
        "firm_id": "ACME",
        "year_quarter": "2024Q1",
        "weeks_worked": "13",
        "soc_code": "51-4041",
        "primary_work_county_fips": "06037",
    },
}
NEEDS_MORE_THAN_THE_FILE = ("CEL-190", "401")


def checkable(kind: FaultKind) -> bool:
    """Whether a kind can be found without registers and other extracts."""
    return not kind.code.endswith(NEEDS_MORE_THAN_THE_FILE) and kind.contract in GOOD


KINDS = [kind for kind in FAULT_KINDS if checkable(kind)]


def good_row(contract: str, number: int) -> dict[str, str]:
    """A row without any fault, with a key of its own."""
    key = next(iter(NEUTRAL[contract]))
    own = hashlib.sha256(f"{contract}{number}".encode()).hexdigest()
    return {
        **dict.fromkeys(CONTRACTS[contract].column_names(), ""),
        **GOOD[contract],
        **NEUTRAL[contract],
        key: own if key == "learner_key" else f"GOOD-{number}",
    }


def planted(
    contract: str, kinds: Sequence[FaultKind], *, ragged: bool = True
) -> tuple[list[str], Rows, Truth]:
    """A header, rows with every kind between good ones, and what must be found; a ragged row is too long."""
    header, rows, truth = list(CONTRACTS[contract].column_names()), [], set()
    for number, kind in enumerate(kinds):
        if kind.code == RAGGED and not ragged:
            continue
        rows.append(list(good_row(contract, 2 * number).values()))
        broken = [*({**good_row(contract, 2 * number + 1), **kind.breaks}).values()]
        for _ in range(kind.rows):
            rows.append([*broken, "more"] if kind.code == RAGGED else broken)
            truth.add((len(rows), kind.column or None, kind.code))
    return header, rows, truth


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    path = path.with_suffix(".csv")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def write_xlsx(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    """Text becomes text cells, whatever it looks like; other values keep their type."""
    path = path.with_suffix(".xlsx")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("payroll")
    for row in [header, *rows]:
        sheet.append([_cell(sheet, value) for value in row])
    book.save(path)
    return path


def _cell(sheet: Any, value: Any) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def write_parquet(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    path = path.with_suffix(".parquet")
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    pq.write_table(pa.table(columns, names=list(header)), path, write_page_checksum=True)
    return path


WRITERS: Mapping[str, Callable[..., Path]] = {"csv": write_csv, "xlsx": write_xlsx, "parquet": write_parquet}
