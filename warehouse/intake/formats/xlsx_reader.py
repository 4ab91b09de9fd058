"""Reading an XLSX workbook inside a process of its own: the first visible sheet that has a header, as text.

Formulas refuse the file, for what they would show depends on who opens it. Merged and hidden cells are noted:
a firm may not know that they are there. Limits of the container belong to ``zip_preflight``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

from contracts import CONTRACTS
from warehouse.intake.findings import FileFinding
from warehouse.intake.formats.extracted import Extracted, RaggedRow, RowFile, RowsUnwrittenError
from warehouse.intake.formats.texts import as_text
from warehouse.intake.formats.zip_preflight import inspect_archive
from warehouse.intake.preflight import MAX_COLUMNS

HEADER_WITHIN_ROWS = 20
"""Titles and remarks may stand above the header, so far down is it looked for."""

ENOUGH_NAMES = 2
"""So many names of contract columns make a row a header."""

_TELL_EVERY = 5_000
_FORMULA, _ERROR, _NUMBER, _DATE = "f", "e", "n", "d"
Tell = Callable[[int, int], None]
Cells = Sequence[Mapping[str, Any]]


def read_workbook(path: Path, target: Path, known: frozenset[str], tell: Tell) -> Extracted:
    """The rows of the first visible sheet with a header, written to ``target``.

    ``known``: the names that make a row a header. Blank rows are no records; a row with a filled cell beyond
    the header is ragged. The answer holds counts and places, never a cell's text.
    """
    faults = inspect_archive(path)
    if not openpyxl.DEFUSEDXML:
        faults = [FileFinding("FIL-050", "no safe XML reader is installed", "install defusedxml")]
    if faults:
        return Extracted(tuple(faults))
    try:
        # Opened here: by a path, the library would go by the name's ending.
        with path.open("rb") as file:
            book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
            return _read_book(book, target, known, tell)
    except (MemoryError, RowsUnwrittenError):
        raise
    except Exception:
        # The reader meets a stranger's XML: whatever it raises says that this is no workbook for us, and its
        # words may hold a cell.
        message = "the workbook is damaged, or holds what no spreadsheet writes (such as XML entities)"
        return Extracted(
            (FileFinding("FIL-050", message, "save it again from a spreadsheet, or export CSV"),)
        )


def _read_book(book: Any, target: Path, known: frozenset[str], tell: Tell) -> Extracted:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    hidden = [sheet for sheet in book.worksheets if sheet not in visible and _is_extract(sheet, known)]
    for sheet in visible:
        header = _find_header(sheet, known)
        if header is not None:
            read = _read_sheet(sheet, header, target, tell, hidden=len(hidden))
            return replace(read, sheet=book.worksheets.index(sheet) + 1)
    hint = f"put the column names into one of the first {HEADER_WITHIN_ROWS} rows of a visible sheet"
    return Extracted((FileFinding("FIL-055", "no visible sheet has a header of a contract", hint),))


def _is_extract(sheet: Any, known: frozenset[str]) -> bool:
    """Whether a sheet could be an extract itself; a template's own hidden lists of codes could not."""
    header = _find_header(sheet, known)
    return header is not None and any(
        set(of.required_columns()) <= set(header.names) for of in CONTRACTS.values()
    )


@dataclass(frozen=True)
class _Header:
    """The names, and the sheet row they stand in."""

    names: tuple[str, ...]
    row: int


def _find_header(sheet: Any, known: frozenset[str]) -> _Header | None:
    """The first row near the top that has enough known names; trailing blank cells are no names."""
    with sheet._get_source() as source:
        for number, cells in _parser(sheet, source).parse():
            if number > HEADER_WITHIN_ROWS:
                return None
            names = _texts(cells)
            if len(known.intersection(names)) >= ENOUGH_NAMES or (len(names) == 1 and names[0] in known):
                return _Header(tuple(names), number)
    return None


def _parser(sheet: Any, source: Any) -> WorkSheetParser:
    """The parser below openpyxl's read-only sheet, which alone tells of merged and hidden cells in one pass.

    The sheet itself would also pad a single cell in the last row to a million blank ones.
    """
    book = sheet.parent
    return WorkSheetParser(
        source,
        sheet._shared_strings,
        data_only=False,
        epoch=book.epoch,
        date_formats=book._date_formats,
        timedelta_formats=book._timedelta_formats,
    )


def _texts(cells: Cells) -> list[str]:
    """A row's cells by their column, up to the last that is filled."""
    texts: list[str] = []
    for cell in cells:
        text = "" if cell["data_type"] == _FORMULA else as_text(cell["value"])
        if text:
            texts += [""] * (cell["column"] - 1 - len(texts))
            texts.append(text)
    return texts


@dataclass
class _Seen:
    """What is counted on the way through a sheet; columns are 1-based."""

    rows: int = 0
    ragged: list[RaggedRow] = field(default_factory=list)
    numeric: Counter[int] = field(default_factory=Counter)
    formulas: Counter[int] = field(default_factory=Counter)
    first_formula: dict[int, int] = field(default_factory=dict)

    def look(self, number: int, cells: Cells) -> None:
        """Count what kinds of cells a row has."""
        for cell in cells:
            kind, column = cell["data_type"], cell["column"]
            if kind in (_FORMULA, _ERROR):
                self.formulas[column] += 1
                self.first_formula.setdefault(column, number)
            elif kind in (_NUMBER, _DATE) and cell["value"] is not None:
                self.numeric[column - 1] += 1


def _read_sheet(sheet: Any, header: _Header, target: Path, tell: Tell, hidden: int) -> Extracted:
    width = len(header.names)
    if width > MAX_COLUMNS:
        hint = f"at most {MAX_COLUMNS} columns are taken; look for a stray cell far to the right"
        return Extracted((FileFinding("FIL-003", "the sheet has too many columns", hint),))
    seen = _Seen()
    with sheet._get_source() as source, RowFile(target, width) as rows:
        parser, size = _parser(sheet, source), sheet.parent._archive.getinfo(sheet._worksheet_path).file_size
        for number, cells in parser.parse():
            if number > header.row:
                _take_row(number, cells, width, seen, rows)
            if number % _TELL_EVERY == 0:
                tell(source.tell(), size)
    notes = (*_notes(parser, header, hidden),)
    findings = tuple(_formula_findings(seen, header.names))
    return Extracted(findings, notes, header.names, seen.rows, tuple(seen.ragged), dict(seen.numeric))


def _take_row(number: int, cells: Cells, width: int, seen: _Seen, rows: RowFile) -> None:
    seen.look(number, cells)
    texts = _texts(cells)
    if not texts:
        return
    seen.rows += 1
    if len(texts) > width:
        seen.ragged.append(RaggedRow(seen.rows, number, _as_csv(texts)))
    else:
        rows.add(seen.rows, number, [*texts, *[""] * (width - len(texts))])


def _as_csv(texts: Sequence[str]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="").writerow(texts)
    return written.getvalue()


def _formula_findings(seen: _Seen, names: Sequence[str]) -> Iterator[FileFinding]:
    """One finding for every column that holds formulas or their errors."""
    hint = "copy the column and paste it as values, or export CSV"
    for column, count in sorted(seen.formulas.items()):
        row, letter = seen.first_formula[column], get_column_letter(column)
        message = f"{count} cells hold a formula or the error of one, the first in {letter}{row}"
        yield FileFinding("FIL-054", message, hint, line=row, column=f"sheet column {letter}")


def _notes(parser: WorkSheetParser, header: _Header, hidden_sheets: int) -> Iterator[FileFinding]:
    merged = parser.merged_cells.mergeCell if parser.merged_cells else []
    below = [one for one in merged if one.max_row is not None and one.max_row > header.row]
    if below:
        message = f"{len(below)} merged ranges: only the first cell of each has a value"
        hint = "unmerge the cells and fill in every row"
        yield FileFinding("FIL-056", message, hint, line=min(one.min_row or 0 for one in below))
    rows = [int(row) for row, kept in parser.row_dimensions.items() if _is_hidden(kept)]
    columns = [kept for kept in parser.column_dimensions.values() if _is_hidden(kept)]
    for count, what in ((hidden_sheets, "sheets"), (len(columns), "column ranges"), (len(rows), "rows")):
        if count:
            hint = "hidden rows and columns are checked like others; a hidden sheet is not read"
            line = min(rows) if what == "rows" else None
            yield FileFinding("FIL-057", f"hidden {what}: {count}", hint, line=line)


def _is_hidden(dimension: Mapping[str, Any]) -> bool:
    return str(dimension.get("hidden", "0")) in ("1", "true", "True")
