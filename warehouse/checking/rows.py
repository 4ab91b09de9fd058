"""From a checked file to its workbook: the rows as they were sent, each with its marks.

How a workbook is written belongs to ``warehouse.workbook``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import duckdb

from contracts import contract
from warehouse.checking.counting import said_about
from warehouse.checking.report import CheckReport
from warehouse.checking.source import Loaded
from warehouse.checking.wording import NOT_CHECKED, VERDICTS
from warehouse.duck import identifier
from warehouse.formats import PLACE_WORDS
from warehouse.workbook import MOST_ROWS, ErrorWorkbook, Mark, MarkedRow, write_error_workbook

ALL_ROWS_UP_TO = 20_000
"""A file up to this many rows stands in its workbook whole; of a larger one the rows with findings."""

_CHUNK_ROWS = 5_000
Marks = Mapping[int, Sequence[Mark]]


def write_rows_workbook(
    con: duckdb.DuckDBPyConnection, path: Path, report: CheckReport, loaded: Loaded
) -> None:
    """Write the workbook of a checked file; needs the table ``raw``. OSError when it cannot be written."""
    marks = _marks(report)
    whole = report.rows_in <= ALL_ROWS_UP_TO
    rows = (row for row in _rows(con, loaded, marks) if whole or row.marks)
    content = ErrorWorkbook(
        header=loaded.header,
        place_word=PLACE_WORDS[report.kind],
        rows=islice(rows, MOST_ROWS),
        facts=_facts(report, whole),
        tables=[table for table in (_codes(report), _notes(report), _not_checked(report)) if len(table) > 1],
    )
    write_error_workbook(path, content)


def _marks(report: CheckReport) -> Marks:
    of = contract(report.contract or "")
    marks: dict[int, list[Mark]] = defaultdict(list)
    names = ("record", "column", "code", "severity")
    for record, column, code, severity in zip(
        *(report.violations[name].to_pylist() for name in names), strict=True
    ):
        marks[record].append(Mark(column, code, severity, *said_about(of, code, column)))
    return marks


def _rows(con: duckdb.DuckDBPyConnection, loaded: Loaded, marks: Marks) -> Iterator[MarkedRow]:
    """Every row in the order of the file; of a ragged one the whole text stands in the first column."""
    blanks = [""] * (len(loaded.header) - 1)
    ragged = iter([(record, [text, *blanks]) for record, text in sorted(loaded.ragged)])
    waiting = next(ragged, None)
    for record, cells in _whole_rows(con, loaded.header):
        while waiting is not None and waiting[0] < record:
            yield _marked(loaded, marks, *waiting)
            waiting = next(ragged, None)
        yield _marked(loaded, marks, record, cells)
    while waiting is not None:
        yield _marked(loaded, marks, *waiting)
        waiting = next(ragged, None)


def _marked(loaded: Loaded, marks: Marks, record: int, cells: Sequence[str | None]) -> MarkedRow:
    return MarkedRow(record, int(loaded.places[record]), cells, marks.get(record, ()))


def _whole_rows(
    con: duckdb.DuckDBPyConnection, header: Sequence[str]
) -> Iterator[tuple[int, Sequence[str | None]]]:
    texts = ", ".join(identifier(name) for name in header)
    found = con.execute(f"SELECT record, {texts} FROM raw ORDER BY record")  # noqa: S608
    while chunk := found.fetchmany(_CHUNK_ROWS):
        for record, *cells in chunk:
            yield record, cells


def _facts(report: CheckReport, whole: bool) -> list[tuple[str, str]]:
    shown = "every row of the file" if whole else "the rows with findings only"
    return [
        ("file", report.file_name),
        ("contract", f"{report.contract} {report.contract_version}"),
        ("answer", VERDICTS[report.verdict]),
        ("rows", f"{report.rows_in:,}"),
        ("rows with errors", f"{report.rows_failing:,}"),
        ("rows with warnings", f"{report.rows_warned:,}"),
        ("the sheet Rows holds", f"{shown}, with their values: for your firm only"),
        ("to send it", "correct the source and export again; the added columns are not part of the file"),
    ]


def _codes(report: CheckReport) -> list[Sequence[str]]:
    head = ("code", "column", "severity", "rows", "what is wrong", "what to do")
    codes = [(c.code, c.column or "", c.severity, str(c.rows), c.message, c.hint) for c in report.codes]
    return [head, *codes]


def _notes(report: CheckReport) -> list[Sequence[str]]:
    head = ("note", "column", "what was seen", "what to do")
    return [head, *((n.code, n.column or "", n.message, n.hint) for n in report.notes)]


def _not_checked(report: CheckReport) -> list[Sequence[str]]:
    head = (NOT_CHECKED, "column", "it needs")
    return [head, *((one.code, one.column, one.needs) for one in report.not_checked)]
