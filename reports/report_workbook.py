"""The report's tables as a workbook, laid out as statistical offices do: cover, contents, notes, a table a
sheet.

Made from the same document as the page and the PDF, so it holds the same numbers. Whole counts are numbers,
all else is text as printed. Exact published values are in the release's tables, not here.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from typing import Any

import pandas as pd

from reports.document import Document, Figure, Table
from warehouse.frozen_xlsx import freeze

_WHOLE = re.compile(r"\A-?[0-9]{1,3}(?:,[0-9]{3})*\Z")
_NOT_APPLICABLE = "[z]"
_LONGEST_NAME = 31
# In memory: a file for each sheet takes as long to write and remove as the sheet to make.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

# gptables works cell by cell, for which Arrow's texts take half as long again; the bytes are the same.
_TEXTS_OF_PYTHON = ("mode.string_storage", "python")


def render_workbook(document: Document) -> bytes:
    """Every table of a document, those under charts among them, as XLSX. Same document, same bytes."""
    written = io.BytesIO()
    with warnings.catch_warnings(), pd.option_context(*_TEXTS_OF_PYTHON):
        # gptables leaves its theme's file open when it is imported, asks pandas for what pandas 4 will not
        # know, and misses notes of a kind we do not use.
        warnings.simplefilter("ignore", ResourceWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", "No note text provided")
        import gptables  # type: ignore[import-untyped]

        book: Any = gptables.produce_workbook(
            written,
            # A sheet that is empty says nothing, and gptables refuses it.
            sheets={
                _sheet_name(table.table_id): _sheet(gptables, table, note)
                for table, note in _tables(document)
                if table.rows
            },
            cover=_cover(gptables, document),
            contentsheet_options={"title": document.title, "table_name": "contents"},
            workbook_options=_OPTIONS,
        )
    book.close()
    return freeze(written, document.title)


def _tables(document: Document) -> Iterator[tuple[Table, str]]:
    """Each table with the words beside it; page one's figures and the shorthand come first."""
    yield _at_a_glance(document), document.headline
    yield _shorthand(document), ""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                yield block.table, f"{block.chart.title}. {block.note}".strip()
            elif isinstance(block, Table):
                yield block, section.title


def _at_a_glance(document: Document) -> Table:
    rows = tuple((f.title, f.value, f.interval, f.basis, f.change, f.target) for f in document.key_figures)
    header = ("Figure", "Value", "Interval", "Based on", "On the year", "Target")
    return Table("at-a-glance", "Figures of page one", header, rows, is_numeric=False)


def _sheet(gptables: Any, table: Table, note: str) -> Any:
    rows = [[_value(cell) for cell in row] for row in table.rows]
    return gptables.GPTable(
        table=pd.DataFrame(rows, columns=list(table.header), dtype="object"),
        table_name=table.table_id.replace("-", "_"),
        title=table.caption,
        subtitles=[note] if note else [],
        instructions="Shorthand in square brackets is explained on the sheet shorthand.",
        index_columns={1: 0},
    )


def _value(cell: str) -> int | str:
    """Whole counts as numbers; a blank as what it means, since an empty cell of a sheet says nothing."""
    return int(cell.replace(",", "")) if _WHOLE.match(cell) else cell or _NOT_APPLICABLE


def _cover(gptables: Any, document: Document) -> Any:
    facts = [f"{label}: {words}" for label, words in document.facts]
    return gptables.Cover(
        title=document.title,
        intro=[document.subtitle, document.headline, document.caveat, *facts],
        about=[*document.footer],
    )


def _shorthand(document: Document) -> Table:
    caption, header = "Shorthand in the place of a value", ("Shorthand", "Meaning")
    return Table("shorthand", caption, header, document.shorthand, is_numeric=False)


def _sheet_name(table_id: str) -> str:
    return table_id[:_LONGEST_NAME]
