"""The kinds of files a firm may send, and what a place in one is called.

How each is opened belongs to ``intake.formats``; which of them a file in a box is, its name says.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class FileKind(StrEnum):
    """The three formats a file may have."""

    CSV = "CSV"
    XLSX = "XLSX"
    PARQUET = "Parquet"


PLACE_WORDS: Mapping[FileKind, str] = {
    FileKind.CSV: "line",
    FileKind.XLSX: "sheet row",
    FileKind.PARQUET: "row",
}
"""What the place of a record is called."""

ENDINGS: Mapping[str, FileKind] = {"csv": FileKind.CSV, "xlsx": FileKind.XLSX, "parquet": FileKind.PARQUET}
"""What a file's name ends in, without the dot."""

MOST_MEGABYTES = 512
"""How large a file may be, if the consortium does not say otherwise."""

SEALED_ENDING = ".age"
"""Behind the other ending: the file is encrypted for the consortium."""
