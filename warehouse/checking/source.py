"""One file of any of the three formats, made ready for the contract's program: its header, then its rows.

Text goes through intake's own preflight and parser; workbooks and Parquet files are read by a process of
their own first. All end in the table ``parsed`` of intake. Rules and places of findings belong elsewhere.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from contracts.errors import CheckError
from warehouse.formats import MOST_MEGABYTES, FileKind
from warehouse.intake.encoding import find_encoding_faults
from warehouse.intake.findings import FileFinding
from warehouse.intake.formats.extracted import Extracted
from warehouse.intake.formats.extraction import Rows, known_columns
from warehouse.intake.formats.isolation import (
    Limits,
    OnProgress,
    ReadingEndedError,
    ended_finding,
    read_isolated,
)
from warehouse.intake.formats.zip_preflight import OLE_MAGIC, old_or_encrypted
from warehouse.intake.header import HeaderRules, read_header
from warehouse.intake.octets import FileOctets, Octets
from warehouse.intake.parse import Blob, create_parsed_table, parse_blobs, view_blob
from warehouse.intake.preflight import Claims, inspect
from warehouse.intake.records import RecordIndex, index_records

PARSED = "parsed"
READER_LIMITS = Limits()
LARGEST_BYTES = MOST_MEGABYTES * 1_000_000
"""As large as intake takes files where the consortium has not said otherwise."""

Places = npt.NDArray[np.int64]
Ragged = tuple[tuple[int, str], ...]

_ZIP, _PARQUET = b"PK\x03\x04", (b"PAR1", b"PARE")
_MAGIC_BYTES = 8
_ANY_DELIMITER = re.compile(r"[,;\t|]")
_FIRST_LINE_BYTES = 65_536


@dataclass(frozen=True)
class Loaded:
    """What became of a file's rows: refused with findings, or in the table ``parsed`` under ``token``.

    ``places``: by record number (0 is the header), the line or sheet row it starts on. ``numeric``: how many
    cells were numbers instead of text, by column name. ``blob``: a text file that ``parsed`` only views, so
    that it is read while it is judged.
    """

    findings: tuple[FileFinding, ...] = ()
    notes: tuple[FileFinding, ...] = ()
    header: tuple[str, ...] = ()
    rows: int = 0
    ragged: Ragged = ()
    places: Places = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    numeric: Mapping[str, int] = field(default_factory=dict)
    token: str = "file"
    blob: Blob | None = None


class Source(ABC):
    """A file that was looked at; ``names`` is its header, as far as it can be told without a contract."""

    kind: FileKind
    names: tuple[str, ...] = ()
    findings: tuple[FileFinding, ...] = ()

    @abstractmethod
    def load(self, con: duckdb.DuckDBPyConnection, rules: HeaderRules, *, whole: bool = False) -> Loaded:
        """Make ``parsed`` of the rows, or say why the file is refused; ``whole``: never only a view."""


def open_source(path: Path, folder: Path, on_progress: OnProgress | None = None) -> Source:
    """Look at a file by its first bytes, whatever its name says; ``folder`` takes what must be unpacked.

    CheckError CHK-001 when there is no file that can be read.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(_MAGIC_BYTES)
        if magic.startswith(OLE_MAGIC):
            return _Refused(FileKind.XLSX, old_or_encrypted())
        if magic.startswith(_ZIP):
            return _extract_workbook(path, folder, on_progress)
        if magic.startswith(_PARQUET):
            return _extract_parquet(path, folder, on_progress)
        return _TextSource(path, FileOctets(path))
    except OSError as error:
        raise no_such_file(path, error) from None


def no_such_file(path: Path, error: OSError) -> CheckError:
    """CHK-001 for a file that cannot be read or written."""
    return CheckError(
        "CHK-001",
        found=error.strerror or "an error of the system",
        expected="a file that can be read and a folder that can be written to",
        where=str(path),
        remedy="Check the path and your right to it.",
    )


class _Refused(Source):
    """A file that nothing can be read of."""

    def __init__(self, kind: FileKind, *findings: FileFinding) -> None:
        self.kind = kind
        self.findings = findings

    def load(self, con: duckdb.DuckDBPyConnection, rules: HeaderRules, *, whole: bool = False) -> Loaded:
        return Loaded(self.findings)


class _TextSource(Source):
    """A file of text, read as intake reads it."""

    kind = FileKind.CSV

    def __init__(self, path: Path, data: Octets) -> None:
        self._path, self._data = path, data
        self.names = _first_names(data)
        if not set(self.names) & known_columns():
            # Before asking for a contract: is it text at all?
            self.findings = tuple(find_encoding_faults(data))

    def load(self, con: duckdb.DuckDBPyConnection, rules: HeaderRules, *, whole: bool = False) -> Loaded:
        look = inspect(self._data, rules, Claims(LARGEST_BYTES), index_records)
        if look.findings or look.index is None:
            return Loaded(look.findings)
        token, rows = self._path.name, look.index.data_records
        blob = Blob(token, self._path, look.header, look.index)
        if blob.is_smooth and not whole:
            view_blob(con, PARSED, blob, rules.columns)
            return Loaded(header=look.header, rows=rows, places=look.index.lines, token=token, blob=blob)
        create_parsed_table(con, PARSED, rules.columns)
        parsed = parse_blobs(con, PARSED, [blob], rules.columns)[token]
        if parsed.finding is not None:
            return Loaded((parsed.finding,))
        ragged = tuple((record, self._text_of(look.index, record)) for record in parsed.ragged)
        return Loaded((), (), look.header, rows, ragged, look.index.lines, token=token)

    def _text_of(self, index: RecordIndex, record: int) -> str:
        return self._data[index.starts[record] : index.ends[record]].decode("utf-8")


def _first_names(data: Octets) -> tuple[str, ...]:
    """The names of the first line, split at whatever separates most of them."""
    line = data[:_FIRST_LINE_BYTES].decode("utf-8-sig", errors="replace").split("\n", 1)[0].rstrip("\r")
    names = read_header(line)
    if set(names) & known_columns():
        return names
    return tuple(part.strip().strip('"') for part in _ANY_DELIMITER.split(line))


class _ExtractedSource(Source):
    """Rows that a reading process left in an Arrow file."""

    def __init__(self, kind: FileKind, extracted: Extracted, rows: Path) -> None:
        self.kind = kind
        self.findings = extracted.findings
        self.names = extracted.header
        self._rows = Rows(extracted, rows)

    def load(self, con: duckdb.DuckDBPyConnection, rules: HeaderRules, *, whole: bool = False) -> Loaded:
        said = self._rows.said
        faults = self._rows.faults(rules, Claims(LARGEST_BYTES))
        if faults:
            return Loaded(tuple(faults), said.notes)
        create_parsed_table(con, PARSED, rules.columns)
        findings, places = self._rows.insert(con, PARSED, "file", rules.columns)
        ragged = tuple((one.record, one.text) for one in said.ragged)
        numeric = {
            said.header[place]: count for place, count in said.numeric.items() if place < len(said.header)
        }
        return Loaded(findings, said.notes, said.header, said.rows, ragged, places, numeric)


def _extract_workbook(path: Path, folder: Path, on_progress: OnProgress | None) -> Source:
    from warehouse.intake.formats.xlsx_reader import read_workbook  # openpyxl takes its time to load

    rows = folder / "rows.arrow"
    try:
        extracted = read_isolated(
            read_workbook, path, rows, known_columns(), limits=READER_LIMITS, on_progress=on_progress
        )
    except ReadingEndedError as error:
        return _Refused(FileKind.XLSX, ended_finding(error))
    return _ExtractedSource(FileKind.XLSX, extracted, rows)


def _extract_parquet(path: Path, folder: Path, on_progress: OnProgress | None) -> Source:
    from warehouse.intake.formats.parquet_reader import read_parquet  # Parquet too

    rows = folder / "rows.arrow"
    try:
        extracted = read_isolated(read_parquet, path, rows, limits=READER_LIMITS, on_progress=on_progress)
    except ReadingEndedError as error:
        return _Refused(FileKind.PARQUET, ended_finding(error))
    return _ExtractedSource(FileKind.PARQUET, extracted, rows)
