"""A firm's refused rows as a workbook, made from the lake with the same bytes as often as it is asked for.

The outbox keeps a recipe, never the workbook: the ledger's file holds no row of anybody. How the workbook
looks belongs to ``workbook``; which rows are refused, to ``intake``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import pyarrow.parquet as pq

from contracts import contract
from contracts.corrections import CORRECTION_COLUMNS
from warehouse.home import Home
from warehouse.lake import Submission, zone_file
from warehouse.workbook import ErrorWorkbook, Mark, MarkedRow, error_workbook

WORKBOOK_SUFFIX = ".errors.xlsx"
MOST_ROWS = 1_000
"""Who mends a thousand rows has found the cause; all places are in the JSON receipt."""

_RAGGED_COLUMN = "raw_text"
_NOTE = "Rows of your own file, with values. It stays in your firm."


def workbook_recipe(submission: Submission, codes: Sequence[Mapping[str, Any]], place_word: str) -> bytes:
    """What the outbox keeps of a workbook: which submission, and the words for its codes; no value."""
    recipe = {
        **{
            name: getattr(submission, name)
            for name in ("submission_id", "contract", "firm_id", "period", "file_name")
        },
        "columns": list(contract(submission.contract).column_names()),
        "codes": [dict(code) for code in codes],
        "place_word": place_word,
    }
    return json.dumps(recipe, sort_keys=True, ensure_ascii=False).encode()


def make_workbook(home: Home, recipe: bytes) -> bytes | None:
    """The workbook a recipe stands for; None when its rows are no longer there, because they were erased."""
    told = json.loads(recipe)
    quarantine, violations = (
        zone_file(home, zone, told["contract"], told["firm_id"], told["period"], told["submission_id"])
        for zone in ("quarantine", "violations")
    )
    if not (quarantine.is_file() and violations.is_file()):
        return None
    total = pq.read_metadata(quarantine).num_rows
    rows = list(islice(_read_rows(quarantine), MOST_ROWS))
    marks = _marks(violations, told["codes"], {row["record"] for row in rows})
    header = [*told["columns"], *_filled((*CORRECTION_COLUMNS, _RAGGED_COLUMN), told["columns"], rows)]
    marked = [_marked(row, header, marks[row["record"]]) for row in rows]
    return error_workbook(
        ErrorWorkbook(header, told.get("place_word", "line"), marked, _facts(told, total), [_summary(told)])
    )


def _read_rows(quarantine: Any) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(quarantine) as file:
        for batch in file.iter_batches(MOST_ROWS):
            yield from batch.to_pylist()


def _filled(extra: Sequence[str], known: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Columns beyond the contract's, where a row has something in them."""
    return [name for name in extra if name not in known and any(row.get(name) for row in rows)]


def _marks(
    violations: Any, codes: Sequence[Mapping[str, Any]], records: set[int]
) -> Mapping[int, list[Mark]]:
    words = {(code["code"], code["column"]): code for code in codes}
    names = ["record", "column", "code", "severity"]
    marks: defaultdict[int, list[Mark]] = defaultdict(list)
    for row in pq.read_table(violations, columns=names, partitioning=None).to_pylist():
        if row["record"] in records:
            said = words[row["code"], row["column"]]
            mark = Mark(row["column"], row["code"], row["severity"], said["message"], said["hint"])
            marks[row["record"]].append(mark)
    return marks


def _marked(row: Mapping[str, Any], header: Sequence[str], marks: Sequence[Mark]) -> MarkedRow:
    cells = [row[name] for name in header]
    return MarkedRow(row["record"], row["line"], cells, marks)


def _facts(told: Mapping[str, Any], total: int) -> list[tuple[str, str]]:
    shown = f"all {total}" if total <= MOST_ROWS else f"the first {MOST_ROWS} of {total}"
    return [
        ("file", told["file_name"]),
        ("extract and period", f"{told['contract']} {told['period']}"),
        ("submission", told["submission_id"]),
        ("refused rows shown", shown),
        ("note", _NOTE),
    ]


def _summary(told: Mapping[str, Any]) -> list[list[str]]:
    head = ["code", "column", "severity", "rows", "what is wrong", "what to do"]
    names = ("code", "column", "severity", "rows", "message", "hint")
    return [head, *([str(code[name] or "") for name in names] for code in told["codes"])]
