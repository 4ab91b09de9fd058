"""Reading a CSV file record by record, with its place in the file. Names no value in any error."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from contracts.pseudonyms import SealError

Counter = Callable[[int, int], None]
"""Told how far a command is: (bytes done, bytes in all)."""

_EVERY = 10_000


class Record(NamedTuple):
    """A record: its number (the header 0, the first row 1), the line it starts on, its cells."""

    number: int
    line: int
    cells: list[str]


def read_records(path: Path, on_progress: Counter | None = None) -> Iterator[Record]:
    """Every record of a UTF-8 CSV file separated by commas, the header first; blank lines are none.

    SealError SEA-010: it cannot be opened, is not UTF-8, or its quotation marks do not close. The errors of
    the parts below may hold what a cell held, so none of them is passed on, not even as a cause.
    """
    reason, line = "", 0
    try:
        with path.open("rb") as raw:
            lines = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            reader = csv.reader(lines, strict=True)
            for record in _number(reader):
                line = record.line
                if on_progress is not None and record.number % _EVERY == 0:
                    on_progress(raw.tell(), path.stat().st_size)
                yield record
    except UnicodeDecodeError:
        reason, line = "bytes that are not UTF-8", _undecodable_line(path)
    except csv.Error:
        reason, line = "a record whose quotation marks do not close, or a field too long to be one", line + 1
    except OSError as error:
        reason = f"no file that can be read: {error.strerror}"
    if reason:
        raise unusable(path, reason, line)


def unusable(path: Path, reason: str, line: int = 0) -> SealError:
    """SEA-010 for a file, from a line on when it is known."""
    return SealError(
        "SEA-010",
        found=reason,
        expected="a CSV file in UTF-8 with a header and at least one row, fields separated by commas",
        where=f"{path}, line {line} or after" if line else str(path),
        remedy="Export the file again as CSV UTF-8 (in a spreadsheet: Save as, CSV UTF-8).",
    )


def _number(reader: Iterator[list[str]]) -> Iterator[Record]:
    number, line = 0, 1
    for cells in reader:
        if cells:
            yield Record(number, line, cells)
            number += 1
        line = reader.line_num + 1  # type: ignore[attr-defined]


def _undecodable_line(path: Path) -> int:
    with path.open("rb") as raw:
        for number, line in enumerate(raw, 1):
            try:
                line.decode("utf-8-sig")
            except UnicodeDecodeError:
                return number
    return 0
