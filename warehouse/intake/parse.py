"""From bytes to text columns: one strict DuckDB parse of many blobs, all columns VARCHAR, nothing sniffed.

Blobs are named by their sha256, never by a firm's file name, and headers were matched before, so no text
of a firm is ever part of a statement. Ragged records are set aside and the rest goes on; a file whose
parsed and ragged records do not add up to the independent count is refused whole. Types and rules do not
belong here.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

import duckdb
import numpy as np
import pyarrow as pa

from warehouse.duck import duck_path, identifier, literal, one_thread
from warehouse.intake.findings import FileFinding
from warehouse.intake.preflight import MAX_RECORD_BYTES
from warehouse.intake.records import Offsets, RecordIndex

# parallel=false: the parallel reader has dropped an oversized last record without an error.
# hive_partitioning=false: a folder named a=b above the home would become a column.
_READ_CSV = Template("""read_csv($path, columns = {$columns}, auto_detect = false, header = true, delim = ',',
    quote = '"', escape = '"', encoding = 'utf-8', strict_mode = true, null_padding = false, parallel = false,
    hive_partitioning = false, filename = 'blob_path', max_line_size = $max_line_size$more)""")
_READ = Template("""
CREATE OR REPLACE TEMP TABLE intake_read AS SELECT row_number() OVER () AS place, * FROM $source
""")
_NUMBER_BULK = Template("""
WITH first_places AS (SELECT blob_path, min(place) AS first_place FROM intake_read GROUP BY blob_path)
INSERT INTO $table BY NAME
SELECT parse_filename(blob_path) AS sha256, place - first_place + 1 AS record, $columns
FROM intake_read JOIN first_places USING (blob_path)
""")
_READ_ONE = Template("""
INSERT INTO $table BY NAME SELECT $sha256 AS sha256, row_number() OVER () AS record, $columns FROM $source
""")
_VIEW = Template("""
CREATE TEMP VIEW $table AS
SELECT $sha256 AS sha256, row_number() OVER () AS record, $columns FROM $source
""")
_NUMBER = Template("""
INSERT INTO $table BY NAME
SELECT parse_filename(blob_path) AS sha256, record, $columns FROM intake_read JOIN intake_kept USING (place)
""")
_COUNTS = """
SELECT parse_filename(blob_path), count(*), max(place) - min(place) + 1 FROM intake_read GROUP BY blob_path
"""
_DELETE = Template("DELETE FROM $table WHERE sha256 = ?")
_KINDS = "SELECT table_type FROM information_schema.tables WHERE table_name = ?"
_DROP_REJECTS = "DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans"


@dataclass(frozen=True)
class Blob:
    """A landed file that passed preflight; its path ends in its sha256."""

    sha256: str
    path: Path
    header: tuple[str, ...]
    index: RecordIndex

    @property
    def is_smooth(self) -> bool:
        """Whether every record has as many fields as the header, by the independent count."""
        return bool((self.index.fields == len(self.header)).all())


@dataclass(frozen=True)
class Parsed:
    """What became of one blob: records set aside as ragged, or the finding that refuses the file."""

    ragged: tuple[int, ...] = ()
    finding: FileFinding | None = None


def create_parsed_table(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
    """An empty table of sha256, record (1 = first after the header) and every column as text."""
    texts = ", ".join(f"{identifier(column)} VARCHAR" for column in columns)
    _forget(con, table)
    con.execute(f"CREATE TEMP TABLE {identifier(table)} (sha256 VARCHAR, record BIGINT, {texts})")


def parse_blobs(
    con: duckdb.DuckDBPyConnection, table: str, blobs: Iterable[Blob], columns: Sequence[str]
) -> Mapping[str, Parsed]:
    """Read blobs, each sha256 once, into ``table``; one outcome per sha256.

    A column not asked for is skipped, one that a file does not have is NULL.
    """
    outcomes: dict[str, Parsed] = {}
    for header, group in _by_header(blobs).items():
        smooth = [blob for blob in group if blob.is_smooth]
        agreed = _parse_together(con, table, smooth, _selected(header, columns)) if smooth else frozenset()
        outcomes |= {sha256: Parsed() for sha256 in agreed}
        for blob in group:
            if blob.sha256 not in agreed:
                outcomes[blob.sha256] = _parse_alone(con, table, blob, _selected(header, columns))
    return outcomes


def view_blob(con: duckdb.DuckDBPyConnection, table: str, blob: Blob, columns: Sequence[str]) -> None:
    """Make ``table`` a view of one smooth blob: its file is read each time somebody asks, and kept nowhere.

    Whoever asks for all rows must compare their number with the independent count.
    """
    source = _source(len(blob.header), path=literal(duck_path(blob.path)))
    absent = [f"NULL::VARCHAR AS {identifier(name)}" for name in columns if name not in blob.header]
    selected = ", ".join([_selected(blob.header, columns), *absent])
    names = {"table": identifier(table), "sha256": literal(blob.sha256)}
    _forget(con, table)
    con.execute(_VIEW.substitute(names, columns=selected, source=source))


def _forget(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Drop what has this name: a view does not replace a table, nor a table a view."""
    for (kind,) in con.execute(_KINDS, [table]).fetchall():
        con.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {identifier(table)}")


def read_records(
    con: duckdb.DuckDBPyConnection,
    table: str,
    blob: Blob,
    records: Offsets,
    columns: Sequence[str],
    folder: Path,
) -> None:
    """Make ``table`` of some records of a smooth blob, from a copy of their bytes alone in ``folder``."""
    folder.mkdir(exist_ok=True)
    copy = folder / blob.sha256
    _copy_records(blob, records, copy)
    create_parsed_table(con, table, columns)
    con.execute(_READ.substitute(source=_source(len(blob.header))), [[duck_path(copy)]])
    _number(con, table, records, np.arange(1, len(records) + 1), _selected(blob.header, columns))


def _copy_records(blob: Blob, records: Offsets, copy: Path) -> None:
    with blob.path.open("rb", buffering=0) as whole, copy.open("wb") as few:
        for record in (0, *records):
            start, end = int(blob.index.starts[record]), int(blob.index.ends[record])
            few.write(os.pread(whole.fileno(), end - start, start) + b"\n")


def _by_header(blobs: Iterable[Blob]) -> Mapping[tuple[str, ...], list[Blob]]:
    groups: dict[tuple[str, ...], list[Blob]] = defaultdict(list)
    for blob in blobs:
        groups[blob.header].append(blob)
    return groups


def _selected(header: Sequence[str], columns: Sequence[str]) -> str:
    """The contract's columns by their place in the header; a column that is not there stays NULL."""
    places = {name: place for place, name in enumerate(header)}
    return ", ".join(f"c{places[name]} AS {identifier(name)}" for name in columns if name in places)


def _source(width: int, more: str = "", path: str = "?") -> str:
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    return _READ_CSV.substitute(path=path, columns=columns, max_line_size=2 * MAX_RECORD_BYTES, more=more)


def _parse_together(
    con: duckdb.DuckDBPyConnection, table: str, blobs: Sequence[Blob], selected: str
) -> frozenset[str]:
    """Read all in one statement; the sha256 of those whose two counts agree stay in the table."""
    source = _source(len(blobs[0].header))
    if len(blobs) == 1:
        return _parse_one(con, table, blobs[0], _READ_ONE.safe_substitute(source=source, columns=selected))
    try:
        with one_thread(con):
            con.execute(_READ.substitute(source=source), [[duck_path(blob.path) for blob in blobs]])
    except duckdb.Error:
        return frozenset()
    counts = {sha256: (rows, span) for sha256, rows, span in con.execute(_COUNTS).fetchall()}
    con.execute(_NUMBER_BULK.substitute(table=identifier(table), columns=selected))
    agreed = {b.sha256 for b in blobs if counts.get(b.sha256, (0, 0)) == (b.index.data_records,) * 2}
    for sha256 in sorted(set(counts) - agreed):
        con.execute(_DELETE.substitute(table=identifier(table)), [sha256])
    return frozenset(agreed)


def _parse_one(con: duckdb.DuckDBPyConnection, table: str, blob: Blob, insert: str) -> frozenset[str]:
    """Read one smooth blob, straight into the table: a large file is held once."""
    names = {"table": identifier(table), "sha256": literal(blob.sha256)}
    try:
        with one_thread(con):
            statement = Template(insert).substitute(names)
            (inserted,) = con.execute(statement, [[duck_path(blob.path)]]).fetchone() or (0,)
    except duckdb.Error:
        inserted = -1
    if inserted == blob.index.data_records:
        return frozenset((blob.sha256,))
    con.execute(_DELETE.substitute(table=identifier(table)), [blob.sha256])
    return frozenset()


def _parse_alone(con: duckdb.DuckDBPyConnection, table: str, blob: Blob, selected: str) -> Parsed:
    """Read one blob, setting aside what is ragged; refuse it when the two counts differ."""
    con.execute(_DROP_REJECTS)
    source = _source(len(blob.header), more=", store_rejects = true, rejects_limit = 0")
    try:
        con.execute(_READ.substitute(source=source), [[duck_path(blob.path)]])
    except duckdb.Error:
        return Parsed(finding=_uncountable(blob, "the strict reader cannot read it"))
    rejected = _rejected_records(con, blob)
    parsed = _count_read(con)
    if parsed + len(rejected) != blob.index.data_records:
        return Parsed(finding=_uncountable(blob, f"the strict reader finds {parsed + len(rejected)} records"))
    ragged = np.union1d(rejected, _ragged_records(blob))
    records = np.setdiff1d(np.arange(1, blob.index.data_records + 1), rejected)
    kept = ~np.isin(records, ragged)
    _number(con, table, records[kept], np.flatnonzero(kept) + 1, selected)
    return Parsed(ragged=tuple(int(record) for record in ragged))


def _ragged_records(blob: Blob) -> Offsets:
    """Records with too many or too few fields by the independent count.

    The reader lets a blank field too many at the end go by, and the row would be read with its cells shifted.
    """
    return np.flatnonzero(blob.index.fields[1:] != len(blob.header)) + 1


def _rejected_records(con: duckdb.DuckDBPyConnection, blob: Blob) -> Offsets:
    """Record numbers of the rejects: one record can be rejected for several reasons."""
    rows = con.execute("SELECT DISTINCT byte_position FROM reject_errors").fetchall()
    offsets = np.array([position - 1 for (position,) in rows], dtype=np.int64)
    return np.unique(blob.index.record_at(offsets))


def _count_read(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT count(*) FROM intake_read").fetchone()
    return int(row[0]) if row else 0


def _number(
    con: duckdb.DuckDBPyConnection, table: str, records: Offsets, places: Offsets, selected: str
) -> None:
    """Take what was read into the table: the rows at these places (1 is the first), under these numbers."""
    con.register("intake_kept", pa.table({"place": places, "record": records}))
    con.execute(_NUMBER.substitute(table=identifier(table), columns=selected))
    con.unregister("intake_kept")


def _uncountable(blob: Blob, found: str) -> FileFinding:
    message = f"{found}, the independent count finds {blob.index.data_records}"
    hint = "quote every field that holds a comma, a quotation mark or a line break, and send the file again"
    return FileFinding("FIL-025", message, hint)
