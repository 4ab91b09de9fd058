"""A contract as an XLSX workbook to fill in: text cells keep leading zeros, closed lists drop down.

The same bytes for the same contract, on any day and machine. A firm's own rows in a workbook belong to
``warehouse.workbook``; reading workbooks belongs to ``warehouse.checking``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from contracts.codesets import codeset
from contracts.model import Contract, Party
from contracts.render import ColumnDescription, ContractDescription, describe
from warehouse.frozen_xlsx import freeze

LISTS, README = "Lists", "Read me"
LEARNER_KEY = "learner_key"
_LAST_ROW = 1_048_576
_TEXT, _WHOLE = "@", "0"
_REQUIRED = PatternFill("solid", start_color="FFF2CC")
_OPTIONAL = PatternFill("solid", start_color="E7EEF7")
_CODESET = "codeset_"
_TITLE_LENGTH, _WORDS_LENGTH = 32, 225
"""What a spreadsheet shows of a validation's words; it takes a file with longer ones for damaged."""


def xlsx_template(contract: type[Contract]) -> bytes:
    """The workbook: a sheet to fill in, named like the contract, one to read, and a hidden one of lists."""
    told = describe(contract)
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet, readme, lists = (book.create_sheet(name) for name in (told.name, README, LISTS))
    _fill_sheet(sheet, told, _write_lists(lists, told.columns))
    _write_readme(readme, told)
    lists.sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    return freeze(written, told.title)


def _fill_sheet(sheet: Worksheet, told: ContractDescription, ranges: Mapping[str, str]) -> None:
    """Header, cell formats and drop-downs; there is no row below the header."""
    sheet.freeze_panes = "A2"
    for number, column in enumerate(told.columns, 1):
        letter = get_column_letter(number)
        # The format of a whole column holds for cells that do not exist yet.
        sheet.column_dimensions[letter].number_format = _number_format(column)
        sheet.column_dimensions[letter].width = max(12, len(column.name) + 3)
        _write_head(sheet, number, column)
        allowed = _validation(column, ranges)
        if allowed is not None:
            allowed.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(allowed)


def _write_head(sheet: Worksheet, number: int, column: ColumnDescription) -> None:
    head = sheet.cell(1, number, column.name)
    head.number_format = _TEXT
    head.font = Font(bold=True)
    head.fill = _REQUIRED if column.required else _OPTIONAL
    head.comment = Comment(_remark(column), "Guildhall", height=160, width=320)


def _remark(column: ColumnDescription) -> str:
    need = "Required." if column.required else "Optional; leave blank what is not known."
    meanings = [f"{code}: {meaning}" for code, meaning in column.codes.items() if meaning]
    lines = [column.description, f"{need} It must be {column.expected}.", column.hint, *meanings]
    return "\n".join(line for line in lines if line)


def _number_format(column: ColumnDescription) -> str:
    """Numbers are numbers; all else is text, so that no spreadsheet drops a zero or turns it into a day."""
    if column.type.startswith("DECIMAL"):
        return "0." + "0" * int(column.type.rstrip(")").split(",")[1])
    return _WHOLE if column.type == "INTEGER" and not column.codes else _TEXT


def _validation(column: ColumnDescription, ranges: Mapping[str, str]) -> DataValidation | None:
    """What a spreadsheet lets in: the drop-down of a list, bounds of a number, the length of a text."""
    allowed = _allowed(column, ranges)
    if allowed is None:
        return None
    words = f"It must be {column.expected}."[:_WORDS_LENGTH]
    return DataValidation(
        **allowed,
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=column.name[:_TITLE_LENGTH],
        error=words,
    )


def _allowed(column: ColumnDescription, ranges: Mapping[str, str]) -> dict[str, Any] | None:
    source = _list_name(column)
    if source in ranges:
        return {"type": "list", "formula1": ranges[source]}
    if column.type == "DATE" or column.kind == "MultiDigit":
        return None
    if column.least is not None and column.greatest is not None:
        kind = "whole" if column.type == "INTEGER" else "decimal"
        return {"type": kind, "operator": "between", "formula1": column.least, "formula2": column.greatest}
    if column.length is not None:
        return {"type": "textLength", "operator": "lessThanOrEqual", "formula1": str(column.length)}
    return None


def _list_name(column: ColumnDescription) -> str:
    """The list of a column's drop-down: its code set if the whole value is looked up, or its own."""
    lookup = column.lookup
    if lookup is not None and lookup.table.startswith(_CODESET) and lookup.leading is None:
        return lookup.table.removeprefix(_CODESET)
    return column.name if column.codes and column.kind != "MultiDigit" else ""


def _write_lists(sheet: Worksheet, columns: Iterable[ColumnDescription]) -> dict[str, str]:
    """Each list in a column of its own, as text; the range of each list by its name."""
    ranges: dict[str, str] = {}
    for column in columns:
        name = _list_name(column)
        if name and name not in ranges:
            codes = list(column.codes) or sorted(codeset(name))
            ranges[name] = _write_list(sheet, len(ranges) + 1, name, codes)
    return ranges


def _write_list(sheet: Worksheet, place: int, name: str, codes: Iterable[str]) -> str:
    last = 1
    for last, text in enumerate((name, *codes), 1):
        sheet.cell(last, place, text).number_format = _TEXT
    letter = get_column_letter(place)
    return f"{LISTS}!${letter}$2:${letter}${last}"


def _write_readme(sheet: Worksheet, told: ContractDescription) -> None:
    sheet.column_dimensions["A"].width = 30
    for letter, width in (("B", 10), ("C", 60), ("D", 80)):
        sheet.column_dimensions[letter].width = width
    for line in _advice(told):
        sheet.append([line])
    sheet.append(["column", "required", "must be", "meaning"])
    for cell in (sheet["A1"], *sheet[sheet.max_row]):
        cell.font = Font(bold=True)
    for column in told.columns:
        need = "yes" if column.required else ""
        sheet.append([column.name, need, column.expected, column.description])
        for cell in sheet[sheet.max_row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _advice(told: ContractDescription) -> Iterator[str]:
    box = "in/ of the operator's box" if told.dropped_by == Party.OPERATOR else "in/ of your box"
    yield f"{told.title}, contract {told.name} {told.version}"
    yield told.description
    yield f"One row per {told.grain}."
    yield f"Fill in the sheet {told.name} below its header; a remark on each name says what belongs there."
    yield "Columns with a yellow head are required. Delete optional columns you do not have; add none."
    yield "Paste values only, not formats, so that codes stay text and keep their leading zeros."
    if any(column.name == LEARNER_KEY for column in told.columns):
        yield f"Nobody types a {LEARNER_KEY}: name that column SSN, delete key_epoch, save the sheet as CSV"
        yield f"(UTF-8), and let both be made: guildhall seal FILE.csv --out {told.name}_2026Q1.csv --help"
    yield f"Check what you have: guildhall check FILE --contract {told.name}"
    yield f"To send it, name it {told.name}_2026Q1.xlsx (or .csv, CSV UTF-8), with your quarter in"
    yield f"the name, and put it into {box}."
    yield ""
