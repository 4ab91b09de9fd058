"""The page of a correction says in words what differs, with values as they are printed elsewhere."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from reports.document import Table
from reports.method import corrected
from reports.revisions import AFFECTED, read_affected
from warehouse.editions import Correction
from warehouse.release_tables import csv_bytes

CELL = {"table_name": "outcomes_by_cohort", "metric_id": "employment_rate_q2", "label": "2024Q4"}
CELL |= {"cohort_start": "2024Q4", "cohort_end": "2024Q4", "unit": "share"}
SHOWN = {"status_before": "1", "status_after": "1"}
PAY = {"metric_id": "real_earnings_change", "unit": "usd_per_quarter"}


def _printed(cell: dict[str, str]) -> tuple[str, ...]:
    rows = pd.DataFrame([dict.fromkeys(AFFECTED, "") | cell])
    listed = read_affected(csv_bytes(pa.Table.from_pandas(rows, preserve_index=False)))
    correction = Correction("v1.0", "A file did not hold.", "the operator", date(2026, 11, 19))
    (table,) = (block for block in corrected(correction, listed) if isinstance(block, Table))
    (row,) = table.rows
    return tuple(map(str, row))


@pytest.mark.parametrize(
    "cell,before,after,differs",
    [
        (
            {**SHOWN, "before": "0.79", "after": "0.84", "differs": "value value_lower value_upper"},
            "79%",
            "84%",
            "value, interval",
        ),
        ({**SHOWN, "before": "0.8412", "after": "0.8409", "differs": "value"}, "0.8412", "0.8409", "value"),
        (
            {**SHOWN, "before": "0.8", "after": "0.8"}
            | {"differs": "numerator_rounded_count denominator_rounded_count"},
            "80%",
            "80%",
            "counts",
        ),
        (
            {"before": "0.8", "after": "", "status_before": "1", "status_after": "-1"}
            | {"differs": "value status value_lower denominator_rounded_count"},
            "80%",
            "[x]",
            "no longer shown",
        ),
        (
            {"before": "", "after": "0.8", "status_before": "5", "status_after": "1"}
            | {"differs": "value status"},
            "[c]",
            "80%",
            "shown for the first time",
        ),
        (
            {**SHOWN, **PAY, "before": "-1100.0", "after": "300.0", "differs": "value"},
            "−$1,100",
            "$300",
            "value",
        ),
        ({"after": "0.8", "status_after": "1", "differs": "added"}, "none", "80%", "added"),
    ],
    ids=["value", "last digits", "counts", "hidden now", "shown now", "below zero", "added"],
)
def test_corrected_cell_is_said_in_words(cell: dict[str, str], before: str, after: str, differs: str) -> None:
    title, of, quarters, table, *rest = _printed(CELL | cell)
    assert "_" not in title
    assert (of, quarters, table) == ("2024Q4", "2024Q4", "outcomes by cohort")
    assert rest == [before, after, differs]


def test_table_of_words_that_differs_is_one_row() -> None:
    words = {"table_name": "metric_definitions", "before": "90 rows", "after": "91 rows", "differs": "rows"}
    assert _printed(words) == ("Words", "", "", "metric definitions", "90 rows", "91 rows", "rows")
