"""The published tables as files: exact types, then CSV, Parquet and one DuckDB file, always the same way.

The same tables give the same bytes, the DuckDB file the same logical digest. Which tables and rows there are,
and their order, is decided by ``reports`` behind the disclosure gate; folders belong in ``releases``.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import JsonValue

from contracts.errors import ReleaseError
from warehouse.chain import canonical
from warehouse.duck import connect, identifier, literal

DATABASE_NAME = "guildhall.duckdb"

_NAME = re.compile(r"\A[a-z][a-z0-9_]{0,62}\Z")
_NEEDS_QUOTES = re.compile(r"[\",\r\n]")
_SIGNIFICANT_DIGITS = 12
_MONEY_DIGITS = 18
# A spreadsheet takes a text that begins so for a formula; the last four are the wide forms of the first.
_FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")

# Old enough that every DuckDB since 1.0 and the browser build can attach it; small blocks suit small tables.
_ATTACH_OPTIONS = "(STORAGE_VERSION 'v1.0.0', BLOCK_SIZE 16384)"


Comments = Mapping[str, Mapping[str, str]]
"""By table: what one of its rows is, under ``""``, and what each of its columns says."""


@dataclass(frozen=True)
class View:
    """A view of a published database: its SELECT over the tables beside it, and words as for a table."""

    name: str
    sql: str
    comments: Mapping[str, str]


@dataclass(frozen=True)
class Furnishing:
    """What makes the tables easier to ask: views in the order they build on each other, and macros as
    written.
    """

    views: tuple[View, ...] = ()
    macros: tuple[str, ...] = ()


BARE = Furnishing()


def typed_table(name: str, frame: pd.DataFrame) -> pa.Table:
    """A frame as an Arrow table of the published types, rows in the frame's order.

    Integers become BIGINT, floats DOUBLE rounded to 12 significant digits, Decimals DECIMAL(18, scale >= 2),
    dates DATE; text, and columns that are wholly NULL without a type, VARCHAR. ReleaseError for anything else
    (times, lists), for infinities, and for names that are not plain.
    """
    for label in (name, *map(str, frame.columns)):
        if not _NAME.match(label):
            raise _unfit(name, f"the name {label!r}", "names of small letters, digits and underscores")
    try:
        raw = pa.Table.from_pandas(frame, preserve_index=False)
        columns = [_column(name, field.name, raw.column(field.name)) for field in raw.schema]
    except pa.ArrowException as error:
        raise _unfit(name, "mixed or too large values", "one type a column, money below 10^16") from error
    return pa.table(dict(zip(raw.column_names, columns, strict=True)))


def write_csv(table: pa.Table, path: Path) -> None:
    """The table's ``csv_bytes`` as a file."""
    path.write_bytes(csv_bytes(table))


def csv_bytes(table: pa.Table) -> bytes:
    """UTF-8, one header line, ``\\n`` line ends; NULL is empty; text a spreadsheet would run is disarmed."""
    header = ",".join(map(_csv_cell, table.column_names))
    lines = [header, *(",".join(map(_csv_cell, row)) for row in _rows(table))]
    return "".join(line + "\n" for line in lines).encode()


def write_parquet(table: pa.Table, path: Path) -> None:
    """One row group style for all, Zstandard, no pandas or Arrow metadata, no times."""
    pq.write_table(
        table, path, compression="zstd", version="2.6", store_schema=False, write_page_checksum=True
    )


def write_database(
    tables: Mapping[str, pa.Table], comments: Comments, path: Path, furnishing: Furnishing = BARE
) -> None:
    """A DuckDB file built from nothing: it holds no byte of anything else. Every column is commented."""
    with connect(threads=1) as con:
        con.execute(f"ATTACH {literal(str(path))} AS release {_ATTACH_OPTIONS}")
        for name, table in sorted(tables.items()):
            _write_table(con, name, table, comments[name])
        _furnish(con, furnishing)
        con.execute("CHECKPOINT release")
        con.execute("DETACH release")


def logical_digest(path: Path) -> str:
    """sha256 over names, types, comments and sorted rows of all tables: equal for equal content.

    The bytes of a DuckDB file differ from one writing to the next; this does not. ReleaseError when the file
    cannot be read.
    """
    try:
        with connect(path, read_only=True, threads=1) as con:
            return _digest_of(con)
    except duckdb.Error as error:
        raise _unreadable(path) from error


def read_database(path: Path) -> dict[str, pa.Table]:
    """Every table of a published database, rows as stored; ReleaseError REL-011 when it cannot be read."""
    try:
        with connect(path, read_only=True, threads=1) as con:
            names = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
            return {name: con.table(identifier(name)).to_arrow_table() for name in sorted(names)}
    except duckdb.Error as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> ReleaseError:
    return ReleaseError(
        "REL-011",
        found="a file that DuckDB cannot read",
        expected="a published database",
        where=str(path),
        remedy="Do not use this copy. Restore it from a backup.",
    )


def _digest_of(con: duckdb.DuckDBPyConnection) -> str:
    digest = hashlib.sha256(b"guildhall-database-v1\0")
    names = con.execute("SELECT table_name, comment FROM duckdb_tables() ORDER BY table_name").fetchall()
    for name, comment in names:
        for line in (_header(con, name, comment), *sorted(_lines(con, name))):
            digest.update(line + b"\n")
    for line in _furniture(con):
        digest.update(line + b"\n")
    return digest.hexdigest()


def _furniture(con: duckdb.DuckDBPyConnection) -> Iterator[bytes]:
    """Every view with its words and every macro; nothing in a database without any."""
    views = "SELECT view_name, comment, sql FROM duckdb_views() WHERE NOT internal ORDER BY view_name"
    for name, comment, sql in con.execute(views).fetchall():
        yield _header(con, name, comment)
        yield canonical({"view": name, "sql": sql})
    macros = (
        "SELECT function_name, parameters, macro_definition FROM duckdb_functions() "
        "WHERE NOT internal ORDER BY function_name"
    )
    for name, parameters, definition in con.execute(macros).fetchall():
        yield canonical({"macro": name, "parameters": parameters, "definition": definition})


def _header(con: duckdb.DuckDBPyConnection, name: str, comment: str | None) -> bytes:
    columns_of = "FROM duckdb_columns() WHERE NOT internal AND table_name = ? ORDER BY column_index"
    known = f"SELECT column_name, data_type, comment {columns_of}"
    columns: list[JsonValue] = [list(column) for column in con.execute(known, [name]).fetchall()]
    return canonical({"table": name, "comment": comment, "columns": columns})


def _lines(con: duckdb.DuckDBPyConnection, name: str) -> Iterator[bytes]:
    for row in con.table(identifier(name)).fetchall():
        yield canonical([None if value is None else _plain(value) for value in row])


def _write_table(
    con: duckdb.DuckDBPyConnection, name: str, table: pa.Table, texts: Mapping[str, str]
) -> None:
    place = f"release.main.{identifier(name)}"
    columns = ", ".join(f"{identifier(field.name)} {_duck_type(field.type)}" for field in table.schema)
    con.execute(f"CREATE TABLE {place} ({columns})")
    con.register("rows_to_publish", table)
    con.execute(f"INSERT INTO {place} FROM rows_to_publish")
    con.unregister("rows_to_publish")
    con.execute(f"COMMENT ON TABLE {place} IS {literal(texts[''])}")
    for column in table.column_names:
        con.execute(f"COMMENT ON COLUMN {place}.{identifier(column)} IS {literal(texts[column])}")


def _furnish(con: duckdb.DuckDBPyConnection, furnishing: Furnishing) -> None:
    """Views and macros, made inside the release so that they name its tables without naming its file."""
    con.execute("USE release")
    for macro in furnishing.macros:
        con.execute(macro)
    for view in furnishing.views:
        name = identifier(view.name)
        con.execute(f"CREATE VIEW {name} AS {view.sql}")
        con.execute(f"COMMENT ON VIEW {name} IS {literal(view.comments[''])}")
        for column in (c for c in view.comments if c):
            con.execute(f"COMMENT ON COLUMN {name}.{identifier(column)} IS {literal(view.comments[column])}")
    con.execute("USE memory")


def _column(table: str, name: str, values: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    target = _target(kind)
    if target is None:
        raise _unfit(table, f"column {name} of type {kind}", "numbers, decimals, dates, truth values or text")
    if pa.types.is_floating(target):
        return pa.chunked_array(
            [[_rounded(table, name, value) for value in values.to_pylist()]], pa.float64()
        )
    return values.cast(target)


def _target(kind: pa.DataType) -> pa.DataType | None:
    """The published type of an Arrow type; None when it is not published."""
    if pa.types.is_decimal(kind):
        return pa.decimal128(_MONEY_DIGITS, max(2, kind.scale))
    kinds = (
        (pa.types.is_boolean, pa.bool_()),
        (pa.types.is_integer, pa.int64()),
        (pa.types.is_floating, pa.float64()),
        (pa.types.is_date32, pa.date32()),
        (pa.types.is_string, pa.string()),
        (pa.types.is_large_string, pa.string()),
        (pa.types.is_null, pa.string()),
    )
    return next((target for matches, target in kinds if matches(kind)), None)


def _rounded(table: str, column: str, value: float | None) -> float | None:
    """Twelve significant digits: what differs beyond them is the order of an addition. NaN is NULL."""
    if value is None or math.isnan(value):
        return None
    if math.isinf(value):
        raise _unfit(table, f"an infinite number in column {column}", "finite numbers")
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}") + 0.0


def _duck_type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    names = {
        "bool": "BOOLEAN",
        "int64": "BIGINT",
        "double": "DOUBLE",
        "date32[day]": "DATE",
        "string": "VARCHAR",
    }
    return names[str(kind)]


def _rows(table: pa.Table) -> Iterator[Sequence[object]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _csv_cell(value: object) -> str:
    if value is None:
        return ""
    text = _plain(value)
    if isinstance(value, str) and text.startswith(_FORMULA_STARTS):
        text = "'" + text
    # Quoted here: before Python 3.13 the csv module leaves a lone carriage return bare, which splits the row.
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def _plain(value: object) -> str:
    """A value as text, one way only: no exponents, ISO dates, small-letter truth values."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _unfit(table: str, found: str, expected: str) -> ReleaseError:
    return ReleaseError(
        "REL-010",
        found=found,
        expected=expected,
        where=f"published table {table}",
        remedy="Correct the code that makes this table; nothing was published.",
    )
