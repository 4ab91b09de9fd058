"""What is asked of a check and what it answers: places, codes and counts, never a value.

How the answer is worded on a terminal belongs to the command line, as JSON to ``rendering``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pyarrow as pa

from warehouse.formats import FileKind
from warehouse.intake.findings import FileFinding

VIOLATION_COLUMNS = ("record", "line", "column", "code", "severity", "masked_value")
NO_VIOLATIONS = pa.schema(
    [
        ("record", pa.int64()),
        ("line", pa.int64()),
        ("column", pa.string()),
        ("code", pa.string()),
        ("severity", pa.string()),
        ("masked_value", pa.string()),
    ]
)


class Verdict(StrEnum):
    """The answer in one word."""

    CLEAN = "clean"
    WARNINGS = "warnings"
    VIOLATIONS = "violations"
    UNUSABLE = "unusable"


@dataclass(frozen=True, kw_only=True)
class CheckOrder:
    """A file to check. What is not said is guessed from its name and rows, and the report says so.

    ``given``: a folder with CSV files of the registers and of the firm's other extracts. ``workbook``: where
    to write the workbook of the firm's rows.
    """

    path: Path
    contract: str | None = None
    period: str | None = None
    firm: str | None = None
    given: Path | None = None
    workbook: Path | None = None


@dataclass(frozen=True)
class Assumed:
    """Something the check worked with, and where it was taken from; ``surely`` when it was said outright.

    What was taken from the rows is not to be shown: in a file with shifted columns it may be about a person.
    """

    value: str
    because: str
    surely: bool
    shown: bool = True


@dataclass(frozen=True)
class Example:
    """Where a code was found: the record (1 follows the header), and the line or sheet row it starts on."""

    record: int
    line: int
    masked_value: str | None


@dataclass(frozen=True)
class CodeSummary:
    """One code in one column: how many rows it concerns, what it means, what to do, and the first places."""

    code: str
    column: str | None
    severity: str
    rows: int
    message: str
    hint: str
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class NotChecked:
    """A check of intake's that could not be made here, and what it would have needed."""

    code: str
    column: str
    needs: str


@dataclass(frozen=True, kw_only=True)
class CheckReport:
    """The answer about one file.

    ``findings`` refuse the file as a whole; ``notes`` are told and refuse nothing. ``violations``: one row
    per record, column and code with line, severity and masked value; its ``line`` is the line of a text file,
    the row of a sheet, and for Parquet the record itself.
    """

    file_name: str
    kind: FileKind
    contract: str | None = None
    contract_version: str | None = None
    chosen: Assumed | None = None
    period: Assumed | None = None
    firm: Assumed | None = None
    findings: tuple[FileFinding, ...] = ()
    notes: tuple[FileFinding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    rows_in: int = 0
    rows_failing: int = 0
    rows_warned: int = 0
    codes: tuple[CodeSummary, ...] = ()
    violations: pa.Table = field(default_factory=NO_VIOLATIONS.empty_table)
    workbook: Path | None = None

    @property
    def verdict(self) -> Verdict:
        """Notes and warnings do not make a file wrong."""
        if self.findings:
            return Verdict.UNUSABLE
        if self.rows_failing:
            return Verdict.VIOLATIONS
        return Verdict.WARNINGS if self.codes or self.notes else Verdict.CLEAN

    @property
    def exit_status(self) -> int:
        """0 clean (warnings allowed), 1 rows that intake would quarantine, 2 a file it would refuse."""
        return {Verdict.UNUSABLE: 2, Verdict.VIOLATIONS: 1}.get(self.verdict, 0)
