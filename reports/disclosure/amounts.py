"""What rows show besides counts (means, medians, sums of firms' dollars), and each firm's part of it: a file
of the evidence.

Two releases that show one amount differently tell whose part moved. So the parts are kept with what was
shown, for the next correction (``restating``) and for the auditor. Which rows may change is not decided here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from reports.disclosure.rules import VALUE_STATUSES
from reports.measures import Statistic

FILE = "amounts.parquet"
SHOWN = ("value", "value_lower", "value_upper")
OF_PEOPLE = (Statistic.MEAN, Statistic.MEDIAN, Statistic.AMOUNT, Statistic.VERDICT)
"""Statistics whose value follows from people's amounts, and cannot be told from their counts."""

SCHEMA = pa.schema(
    [
        ("table_name", pa.string()),
        ("cell", pa.string()),
        ("metric_id", pa.string()),
        ("is_wage_derived", pa.bool_()),
        ("is_money", pa.bool_()),
        *((name, pa.string()) for name in SHOWN),
        ("firm", pa.string()),
        ("cents", pa.int64()),
        ("persons", pa.int64()),
    ]
)
"""One row per shown cell (as ``name_of`` says it) × firm behind it; a cell without firms has one row whose
firm is empty.
``is_money``: a sum of dollars that firms paid, which is about no single person.
"""

Part = tuple[int, int]
"""A firm's part of an amount: cents and persons."""


@dataclass(frozen=True)
class Amount:
    """An amount as a release showed it, and each firm's part of it then."""

    shown: tuple[str, ...]
    parts: Mapping[str, Part]


def name_of(cell: Mapping[Any, Any]) -> str:
    """The name of a cell in its table, the same in every release: its id, and the cohorts it is about."""
    window = [cell.get(end) for end in ("cohort_start", "cohort_end")]
    return " | ".join([str(cell["cell_id"]), *(str(end) for end in window if not pd.isna(end))])


def is_amount(cells: pd.DataFrame) -> pd.Series[bool]:
    """Which cells show an amount that is about people's or firms' money, or otherwise not a count."""
    is_paid = (cells["statistic"] == Statistic.LEDGER) & cells["money"].notna()
    return (cells["statistic"].isin(OF_PEOPLE) | is_paid).astype(bool)


def written(number: Any) -> str:
    """A published number as text, the same from a frame and from a file; empty where there is none."""
    # Files know no negative zero.
    return "" if pd.isna(number) else f"{round(float(number), 6) + 0.0:.6f}"


def shown_by(row: Mapping[Any, Any]) -> tuple[str, ...]:
    """What a published row shows, as text."""
    return tuple(written(row[name]) for name in SHOWN)


def parts_of(contributors: pd.DataFrame) -> Mapping[str, Mapping[str, Part]]:
    """Each firm's part of each cell: cents and persons; rows of one parent firm are added up."""
    found: dict[str, dict[str, Part]] = defaultdict(dict)
    columns = ["cell_id", "parent_group_id", "amount_cents", "persons"]
    for cell, firm, cents, persons in contributors[columns].itertuples(index=False, name=None):
        known = found[cell].get(str(firm), (0, 0))
        found[cell][str(firm)] = (known[0] + int(cents), known[1] + int(persons))
    return found


def amounts_shown(
    name: str,
    cells: pd.DataFrame,
    rows: Mapping[str, Mapping[Any, Any]],
    parts: Mapping[str, Mapping[str, Part]],
) -> Iterator[tuple[Any, ...]]:
    """Rows of SCHEMA for a table: ``rows`` are its published ones by cell_id, ``parts`` the firms' by
    cell_id.
    """
    for cell in cells[is_amount(cells)].to_dict("records"):
        row = rows[cell["cell_id"]]
        if row["value_status"] not in VALUE_STATUSES:
            continue
        is_money = cell["statistic"] == Statistic.LEDGER
        head = (name, name_of(cell), cell["metric_id"], bool(cell["is_wage_derived"]), is_money)
        firms = sorted(parts.get(cell["cell_id"], {}).items()) or [("", (0, 0))]
        for firm, (cents, persons) in firms:
            yield (*head, *shown_by(row), firm, cents, persons)


def table_of(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows of SCHEMA as a table."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(SCHEMA)
    arrays = {field.name: list(column) for field, column in zip(SCHEMA, columns, strict=True)}
    return pa.table(arrays, schema=SCHEMA)


def by_cell(table: pa.Table) -> Mapping[tuple[str, str], Amount]:
    """The amounts of a release by table and ``name_of`` the cell."""
    parts: dict[tuple[str, str], dict[str, Part]] = defaultdict(dict)
    shown: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in table.to_pylist():
        key = (row["table_name"], row["cell"])
        shown[key] = tuple(row[name] for name in SHOWN)
        if row["firm"]:
            parts[key][row["firm"]] = (row["cents"], row["persons"])
    return {key: Amount(said, parts[key]) for key, said in shown.items()}


def write_amounts(folder: Path, table: pa.Table) -> None:
    """Write the file into a folder of evidence."""
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, folder / FILE, compression="zstd")


def read_amounts(folder: Path) -> Mapping[tuple[str, str], Amount]:
    """The amounts that lie in a folder of evidence; none where it was written before they were kept."""
    path = folder / FILE
    return by_cell(pq.read_table(path)) if path.is_file() else {}
