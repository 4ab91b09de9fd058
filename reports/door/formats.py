"""Rows as bytes for whatever a board already uses: CSV, JSON, Arrow, Parquet, XLSX; the same rows, the same
bytes.

What the rows are is decided by whoever asks; what travels with them, in ``about``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from reports.door.about import Described
from warehouse.frozen_xlsx import freeze
from warehouse.release_tables import csv_bytes

_WIDEST = 60


@dataclass(frozen=True)
class Format:
    """A way to write rows: its media type, and the function that writes them."""

    media_type: str
    write: Callable[[pa.Table, Described], bytes]


def _csv(table: pa.Table, _described: Described) -> bytes:
    return csv_bytes(table)


def _json(table: pa.Table, described: Described) -> bytes:
    """``{"about": …, "rows": [{column: value}]}``: decimals as numbers, dates as ISO text, blanks as null."""
    document = {"about": described.facts(), "rows": table.to_pylist()}
    return json.dumps(document, default=_plain, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _arrow(table: pa.Table, described: Described) -> bytes:
    sink = io.BytesIO()
    labeled = _labeled(table, described)
    with pa.ipc.new_stream(sink, labeled.schema) as stream:
        stream.write_table(labeled)
    return sink.getvalue()


def _parquet(table: pa.Table, described: Described) -> bytes:
    sink = io.BytesIO()
    pq.write_table(_labeled(table, described), sink, compression="zstd", version="2.6")
    return sink.getvalue()


def _labeled(table: pa.Table, described: Described) -> pa.Table:
    """The table with what it is in its schema's metadata, where Arrow's readers look for it."""
    fields = [
        column.with_metadata({"description": described.columns.get(column.name, "")})
        for column in table.schema
    ]
    words = json.dumps(described.facts(), ensure_ascii=False, sort_keys=True)
    return table.cast(pa.schema(fields, metadata={"guildhall": words}))


def _xlsx(table: pa.Table, described: Described) -> bytes:
    """A sheet of rows with a fixed header, and a sheet that says what they are."""
    book: Any = Workbook(write_only=True)
    _write_rows(book.create_sheet("Data"), table)
    _write_about(book.create_sheet("About"), described)
    written = io.BytesIO()
    book.save(written)
    return freeze(written, described.name)


def _write_rows(sheet: Any, table: pa.Table) -> None:
    sheet.freeze_panes = "A2"
    for number, name in enumerate(table.column_names, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, max(10, len(name) + 2))
    sheet.append([_bold(sheet, name) for name in table.column_names])
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        sheet.append([_cell(sheet, value) for value in row])


def _write_about(sheet: Any, described: Described) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 100
    facts = described.facts()
    for name in ("name", "description", "release", "published_on", "citation", "disclosure_policy"):
        sheet.append([_bold(sheet, name.replace("_", " ").capitalize()), _cell(sheet, facts[name])])
    for title, words in (("Columns", facts["columns"]), ("Value status", facts["value_status"])):
        sheet.append([])
        sheet.append([_bold(sheet, title)])
        for name, meaning in words.items():
            sheet.append([_cell(sheet, name), _cell(sheet, meaning)])


def _bold(sheet: Any, text: str) -> Any:
    cell = _cell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Text is text, whatever it looks like: a spreadsheet runs nothing that was published."""
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.alignment = Alignment(vertical="top")
    return cell


FORMATS: Mapping[str, Format] = {
    "csv": Format("text/csv; charset=utf-8", _csv),
    "json": Format("application/json", _json),
    "arrow": Format("application/vnd.apache.arrow.stream", _arrow),
    "parquet": Format("application/vnd.apache.parquet", _parquet),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
}
"""By the ending of an address, or the word after ``--format``."""
