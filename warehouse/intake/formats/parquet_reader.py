"""Reading a Parquet file inside a process of its own: flat columns, page checksums on, every value as text.

Nested and binary columns are refused: a contract's cell is one word. What the text must be is for the
contract to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.intake.findings import FileFinding
from warehouse.intake.formats.extracted import Extracted, RowFile
from warehouse.intake.formats.texts import as_text
from warehouse.intake.preflight import MAX_COLUMNS

MAX_CELLS = 1_000_000_000
"""Rows × columns. Runs of equal values are stored once: five megabytes can stand for fifty million rows."""

_BATCH_ROWS = 50_000
_ENCRYPTED_MAGIC = b"PARE"
_MAGIC_BYTES = 4
_AGAIN = "write the file again from the program it comes from, or export CSV"
Tell = Callable[[int, int], None]


def read_parquet(path: Path, target: Path, tell: Tell) -> Extracted:
    """All rows of a flat Parquet file, written to ``target`` as text; a null is blank."""
    try:
        return _read(path, target, tell)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError):
        # Arrow's words may hold a value.
        if _is_encrypted(path):
            return Extracted(
                (FileFinding("FIL-061", "the file is encrypted", "write it without encryption"),)
            )
        return Extracted((_damaged(),))


def _damaged() -> FileFinding:
    message = "the file is no Parquet file, or it is damaged (a page or the footer does not verify)"
    return FileFinding("FIL-060", message, _AGAIN)


def _rows_of_groups(metadata: pq.FileMetaData) -> int:
    """No checksum covers the footer and the headers of pages, and a damaged one can make rows vanish."""
    return sum(metadata.row_group(place).num_rows for place in range(metadata.num_row_groups))


def _is_encrypted(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(_MAGIC_BYTES) == _ENCRYPTED_MAGIC


def _read(path: Path, target: Path, tell: Tell) -> Extracted:
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        schema, metadata = file.schema_arrow, file.metadata
        findings = tuple(_schema_findings(schema, metadata.num_rows))
        if findings:
            return Extracted(findings)
        rows = _copy(file, target, len(schema), tell)
        if not rows == metadata.num_rows == _rows_of_groups(metadata):
            return Extracted((_damaged(),))
    numeric = {place: rows for place, kind in enumerate(schema.types) if _is_number(kind)}
    return Extracted(header=tuple(schema.names), rows=rows, numeric=numeric)


def _schema_findings(schema: pa.Schema, rows: int) -> Iterator[FileFinding]:
    if len(schema) > MAX_COLUMNS:
        yield FileFinding(
            "FIL-003", f"the file has {len(schema)} columns", f"at most {MAX_COLUMNS} are taken"
        )
    elif rows * len(schema) > MAX_CELLS:
        message = f"the file stands for {rows} rows of {len(schema)} columns"
        yield FileFinding("FIL-063", message, f"at most {MAX_CELLS} cells are taken; send fewer rows at once")
    for position, kind in enumerate(schema.types, 1):
        if not _is_flat(kind):
            message = "the column is nested, binary, or of a kind that has no plain text"
            hint = "write it as text, a number, a day or yes and no"
            yield FileFinding("FIL-062", message, hint, column=f"column {position}")


def _is_flat(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return bool(_is_text(kind.value_type))
    looks = (
        *(pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean),
        *(pa.types.is_date, pa.types.is_timestamp, pa.types.is_null, _is_text),
    )
    return any(look(kind) for look in looks)


def _is_text(kind: pa.DataType) -> bool:
    looks = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(look(kind) for look in looks)


def _is_number(kind: pa.DataType) -> bool:
    return any(look(kind) for look in (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal))


def _copy(file: pq.ParquetFile, target: Path, width: int, tell: Tell) -> int:
    done, total = 0, file.metadata.num_rows
    with RowFile(target, width) as rows:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS):
            rows.add_columns(done + 1, [_as_texts(column) for column in batch.columns])
            done += batch.num_rows
            tell(done, total)
    return done


def _as_texts(column: pa.Array) -> pa.Array:
    """A column as text, each different value written once."""
    if _is_text(column.type):
        column.validate(full=True)
        return column.cast(pa.string()).fill_null("")
    if pa.types.is_dictionary(column.type):
        return _as_texts(column.dictionary_decode())
    if pa.types.is_null(column.type):
        return pa.array([""] * len(column), pa.string())
    encoded = _for_python(column).dictionary_encode()
    texts = pa.array([as_text(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return texts.take(encoded.indices).fill_null("")


def _for_python(column: pa.Array) -> pa.Array:
    """Values as Python has them without loss.

    Python's moments have microseconds: a finer one is an error, and refuses the file. Its floats are double:
    a single 9850.1 would become 9850.099609375, so it goes by its own shortest digits.
    """
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us", column.type.tz), safe=True)
    if pa.types.is_float32(column.type) or pa.types.is_float16(column.type):
        return column.cast(pa.float32()).cast(pa.string()).cast(pa.float64())
    return column
