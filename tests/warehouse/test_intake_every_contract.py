"""Every contract through the whole intake, a row of its example spoiled: names of columns never matter."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from contracts import CONTRACTS
from contracts.model import Party
from tests.warehouse.conftest import Drop
from warehouse.home import OPERATOR, Home
from warehouse.intake.validate import IntakeReport, validate_landed
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

EXAMPLES = Path(__file__).parents[1] / "contracts" / "examples"


REFUSED_WHOLE = "comparison_wage"
"""Its file is refused as a whole where a row's permission is spoiled, so nothing of it is quarantined."""


@pytest.mark.parametrize("name", [name for name in CONTRACTS if name != REFUSED_WHOLE])
def test_spoiled_row_is_kept_as_it_came(name: str, home: Home, ledger: Ledger, drop: Drop) -> None:
    with (EXAMPLES / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    spoiled = {column: text and f"{text} ?" for column, text in rows[0].items()}
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows[1:], spoiled])
    assert take(home, ledger, drop, name, written.getvalue().encode()).rows_in == len(rows)
    (path,) = (home.lake / "quarantine" / name).glob("firm=*/period=*/*.parquet")
    kept = pq.read_table(path, partitioning=None)
    assert len(set(kept.column_names)) == len(kept.column_names)
    last = next(row for row in kept.to_pylist() if row["record"] == len(rows))
    assert {column: last[column] or "" for column in spoiled} == spoiled


def take(home: Home, ledger: Ledger, drop: Drop, name: str, content: bytes) -> IntakeReport:
    box = "F01" if CONTRACTS[name].meta.dropped_by is Party.FIRM else OPERATOR
    drop(home, box, f"{name}_2026Q1.csv", content)
    land_pending(home, ledger)
    return validate_landed(home, ledger)
