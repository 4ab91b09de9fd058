"""The error workbook: a firm's own rows, failing cells colored, and beside each row its codes and what to do.

The same content gives the same bytes, on any day and machine.
For the firm alone: unlike a receipt it holds values. Every cell is written as text, so that nothing in it is
taken for a formula and codes keep their zeros. Which rows there are and what is wrong with them is said by
whoever checked them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from warehouse.frozen_xlsx import freeze

ROWS_SHEET, SUMMARY_SHEET = "Rows", "Summary"
ERROR, WARNING = "ERROR", "WARNING"
FILLS = {ERROR: "FFF4B6B6", WARNING: "FFFFE699"}
"""Red and yellow; the severity also stands in words beside the row."""

ADDED_COLUMNS = ("codes", "what to do")
MOST_ROWS = 1_000_000
"""A sheet has 1,048,576 rows."""

_MOST_CHARACTERS = 32_767
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0B\x0C\x0E-\x1F\uD800-\uDFFF\uFFFE\uFFFF]")
_WIDTHS = {ROWS_SHEET: 18, SUMMARY_SHEET: 24}


@dataclass(frozen=True)
class Mark:
    """What is wrong with a row: the column (None: the whole row), code, severity and words."""

    column: str | None
    code: str
    severity: str
    message: str
    hint: str

    @property
    def told(self) -> str:
        """The words beside the row."""
        return f"{self.message}. {self.hint}"


@dataclass(frozen=True)
class MarkedRow:
    """A row as it was sent: record number, line or sheet row, cells in the order of the header, marks."""

    record: int
    place: int
    cells: Sequence[str | None]
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class ErrorWorkbook:
    """What the workbook holds. ``facts`` and ``tables`` (each with its head first) make the summary."""

    header: Sequence[str]
    place_word: str
    rows: Iterable[MarkedRow]
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Sequence[Sequence[str]]] = ()


def write_error_workbook(path: Path, content: ErrorWorkbook) -> None:
    """Write the workbook; a file of this name is replaced only once the new one is complete."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(error_workbook(content))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def error_workbook(content: ErrorWorkbook) -> bytes:
    """The workbook's bytes."""
    book, written = Workbook(write_only=True), io.BytesIO()
    try:
        _write_summary(book, content)
        _write_rows(book, content)
        book.save(written)
    except BaseException:
        _let_go(book)
        raise
    return freeze(written, "Rows and what is wrong with them")


def _let_go(book: Any) -> None:
    """Close and remove the files in which sheets of a book that is not saved were gathered."""
    for sheet in book.worksheets:
        if not sheet.closed:
            sheet.close()
        if sheet._writer is not None:
            sheet._writer.cleanup()


def _write_summary(book: Any, content: ErrorWorkbook) -> None:
    sheet = book.create_sheet(SUMMARY_SHEET)
    _widen(sheet, SUMMARY_SHEET, max((len(row) for table in content.tables for row in table), default=2))
    for name, fact in content.facts:
        sheet.append([_text(sheet, name, bold=True), _text(sheet, fact)])
    for table in content.tables:
        sheet.append([])
        for number, row in enumerate(table):
            sheet.append([_text(sheet, cell, bold=number == 0) for cell in row])


def _write_rows(book: Any, content: ErrorWorkbook) -> None:
    sheet = book.create_sheet(ROWS_SHEET)
    names = ("record", content.place_word, *content.header, *ADDED_COLUMNS)
    sheet.freeze_panes = "C2"
    _widen(sheet, ROWS_SHEET, len(names))
    sheet.append([_text(sheet, name, bold=True) for name in names])
    for row in content.rows:
        sheet.append(_row_cells(sheet, content.header, row))


def _row_cells(sheet: Any, header: Sequence[str], row: MarkedRow) -> list[Any]:
    worst = _worst_by_column(row.marks)
    whole = worst.get(None)
    places = [_text(sheet, str(row.record), fill=whole), _text(sheet, str(row.place), fill=whole)]
    cells = [
        _text(sheet, text or "", fill=worst.get(name)) for name, text in zip(header, row.cells, strict=True)
    ]
    codes = "; ".join(f"{mark.code} {mark.severity} {mark.column or 'row'}" for mark in row.marks)
    told = "\n".join(dict.fromkeys(mark.told for mark in row.marks))
    return [*places, *cells, _text(sheet, codes), _text(sheet, told)]


def _worst_by_column(marks: Iterable[Mark]) -> dict[str | None, str]:
    worst: dict[str | None, str] = {}
    for mark in marks:
        if worst.get(mark.column) != ERROR:
            worst[mark.column] = mark.severity
    return worst


def _text(sheet: Any, text: str, *, bold: bool = False, fill: str | None = None) -> Any:
    """A cell of text. What XML cannot hold is replaced, what a cell cannot hold is cut and says so."""
    safe = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(safe) > _MOST_CHARACTERS:
        safe = safe[: _MOST_CHARACTERS - 1] + "…"
    cell = WriteOnlyCell(sheet, safe)
    # Set after the value: openpyxl takes a text that begins with = for a formula.
    cell.data_type = "s"
    cell.number_format = "@"
    if bold:
        cell.font = Font(bold=True)
    if fill is not None:
        cell.fill = PatternFill("solid", fgColor=FILLS[fill])
    return cell


def _widen(sheet: Any, name: str, columns: int) -> None:
    for place in range(1, columns + 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[name]
