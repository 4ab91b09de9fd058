"""Rows of text on their way out of a reading process: an Arrow file of text columns, and what was seen.

Both readers (of workbooks and of Parquet) end here. Typed cells are turned to text by the readers and by
``texts``.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from warehouse.intake.findings import FileFinding

_BATCH_ROWS = 50_000


@dataclass(frozen=True)
class RaggedRow:
    """A row with more cells than the header has names: its record, its place and its text as CSV."""

    record: int
    place: int
    text: str


@dataclass(frozen=True)
class Extracted:
    """What a reading process says: findings that refuse the file, notes, and what the header and rows were.

    ``numeric``: how many cells were numbers, not text, by 0-based column. ``sheet``: which sheet of a
    workbook was read, the first being 1. The rows lie in an Arrow file with ``record``, ``place`` and one
    text column per header name (c0, c1, …); ragged ones are only here.
    """

    findings: tuple[FileFinding, ...] = ()
    notes: tuple[FileFinding, ...] = ()
    header: tuple[str, ...] = ()
    rows: int = 0
    ragged: tuple[RaggedRow, ...] = ()
    numeric: Mapping[int, int] = field(default_factory=dict)
    sheet: int | None = None


class RowsUnwrittenError(Exception):
    """The rows found no room on the disk: the fault of the house, never of the file."""


class RowFile:
    """An Arrow file of text rows being written; a context manager."""

    def __init__(self, target: Path, width: int) -> None:
        names = ["record", "place", *(f"c{place}" for place in range(width))]
        kinds = [pa.int64(), pa.int64(), *[pa.string()] * width]
        self.schema = pa.schema(list(zip(names, kinds, strict=True)))
        self._sink = target.open("wb")
        self._writer = pa.ipc.new_file(self._sink, self.schema)
        self._pending: list[tuple[int, int, *tuple[str, ...]]] = []

    def __enter__(self) -> RowFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._flush()
            self._write(self._writer.close)
        finally:
            self._write(self._sink.close)

    def add(self, record: int, place: int, texts: Sequence[str]) -> None:
        """Add one row."""
        self._pending.append((record, place, *texts))
        if len(self._pending) == _BATCH_ROWS:
            self._flush()

    def add_columns(self, first_record: int, columns: Sequence[pa.Array]) -> None:
        """Add rows by column; record and place count on from ``first_record``."""
        rows = len(columns[0]) if columns else 0
        numbers = pa.array(range(first_record, first_record + rows), pa.int64())
        batch = pa.record_batch([numbers, numbers, *columns], schema=self.schema)
        self._write(lambda: self._writer.write_batch(batch))

    def _flush(self) -> None:
        if not self._pending:
            return
        columns = [
            pa.array(values, field.type)
            for values, field in zip(zip(*self._pending, strict=True), self.schema, strict=True)
        ]
        batch = pa.record_batch(columns, schema=self.schema)
        self._pending = []
        self._write(lambda: self._writer.write_batch(batch))

    def _write(self, write: Callable[[], object]) -> None:
        """Write; beyond the reader's own limit a MemoryError, like any other limit."""
        try:
            write()
        except OSError as error:
            if error.errno == errno.EFBIG:
                raise MemoryError from None
            raise RowsUnwrittenError from None
