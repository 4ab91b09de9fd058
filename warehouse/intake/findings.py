"""What can be wrong with a file as a whole, before any rule of a contract is asked.

Each finding names its code, where it lies (line, column, byte offset) and what to do. Codes of cells, rows
and keys belong to ``contracts``; codes of drops that never reach the landing belong to the landing.
No finding repeats text of the file: a file without a header would leak its first row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FILE_CODES: Mapping[str, str] = {
    "FIL-003": "line too long or too many columns",
    "FIL-010": "not UTF-8 text",
    "FIL-011": "control character in the text, or one that makes text run backward",
    "FIL-012": "carriage return without a line feed",
    "FIL-013": "two kinds of line ending in one file",
    "FIL-020": "required column missing from the header",
    "FIL-021": "column unknown to the contract",
    "FIL-022": "column named twice in the header",
    "FIL-023": "no data rows and no nil return declared",
    "FIL-024": "quotation mark misplaced or never closed",
    "FIL-025": "the file's records cannot be counted with certainty",
    "FIL-026": "data rows in a file declared as a nil return",
    "FIL-027": "another number of rows than the manifest says",
    "FIL-037": "file larger than the consortium takes",
    "FIL-040": "column that identifies a person directly",
    "FIL-041": "column whose cells identify people directly",
    "FIL-042": "rows that only firms send which have opted in",
    "FIL-043": "version of the contract that is not taken",
    "FIL-044": "rows of an older version that cannot be lifted to the current one",
    "FIL-050": "not a workbook that can be opened",
    "FIL-051": "encrypted workbook, or one in the old .xls format",
    "FIL-052": "workbook too large when unpacked, or packed to mislead",
    "FIL-053": "workbook with macros, links to other files or embedded objects",
    "FIL-054": "formula, or the error of one, instead of a value",
    "FIL-055": "no visible sheet with a header",
    "FIL-056": "merged cells (told, not refused)",
    "FIL-057": "hidden sheets, columns or rows (told, not refused)",
    "FIL-058": "codes stored as numbers, so leading zeros are lost (told; the cells have their own code)",
    "FIL-059": "not readable within safe limits",
    "FIL-060": "not a Parquet file, or a damaged one",
    "FIL-061": "encrypted Parquet file",
    "FIL-062": "column that is nested or has no plain text",
    "FIL-063": "Parquet file that stands for more cells than are taken",
    "FIL-064": "sealed file that the consortium's key does not open",
}
RAGGED_CODE = "ROW-001"
RAGGED_MESSAGE = "the record does not have as many fields as the header"
RAGGED_HINT = (
    "give the record one field per column: quote text that holds a comma or a line break; "
    "in a workbook clear the cells beside the last column"
)


@dataclass(frozen=True)
class FileFinding:
    """One reason why a whole file is refused; holds no text of the file."""

    code: str
    message: str
    hint: str
    line: int | None = None
    column: str | None = None
    offset: int | None = None
