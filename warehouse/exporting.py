"""A published release in a PostgreSQL database: the same tables, types, comments and views, or nothing.

Everything is written in one transaction beside what is there, then takes its place; readers see the old
release or the new one. What a release holds is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, LiteralString

import psycopg
import pyarrow as pa
import sqlglot
from psycopg import sql
from sqlglot import exp

from contracts.errors import ReleaseError
from warehouse.door.catalog import Catalog, Table, read_catalog
from warehouse.duck import connect, identifier

_TYPES: Mapping[str, LiteralString] = {
    "BIGINT": "bigint",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "double precision",
    "VARCHAR": "text",
}
_BATCH_ROWS = 10_000
_TAKEN = frozenset({"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"})
"""Names that every table of PostgreSQL has already: ours get an underscore behind."""


def export_release(root: Path, address: str, schema: str, tell: Callable[[str, int], None]) -> None:
    """Write the release in the folder ``root`` into ``schema`` of the database at ``address``.

    ``tell`` is called with each table's name and row count. ReleaseError REL-020 when the server cannot be
    reached or refuses; nothing of the new release is left then, and the old schema stands.
    """
    catalog = read_catalog(root)
    try:
        with psycopg.connect(address) as server, server.cursor() as cursor:
            beside = f"{schema}__new"
            _run(cursor, "DROP SCHEMA IF EXISTS {} CASCADE", beside)
            _run(cursor, "CREATE SCHEMA {}", beside)
            for table in (one for one in catalog.tables.values() if not one.is_view):
                tell(table.name, _write(cursor, beside, table, catalog.path))
            _write_views(cursor, beside, catalog)
            _run(cursor, "DROP SCHEMA IF EXISTS {} CASCADE", schema)
            _run(cursor, "ALTER SCHEMA {} RENAME TO {}", beside, schema)
    except psycopg.Error as error:
        raise ReleaseError(
            "REL-020",
            found=_refusal(error),
            expected="a PostgreSQL server that lets this user create a schema",
            where="the export",
            remedy="Check the address, the password and the user's rights; nothing was changed.",
        ) from error


def _write(cursor: psycopg.Cursor, schema: str, table: Table, path: Path) -> int:
    place = sql.Identifier(schema, table.name)
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(_free(column.name)), _postgres_type(column.kind))
        for column in table.columns
    )
    cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(place, columns))
    count = 0
    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(place)) as copy:
        for row in _rows(path, table.name):
            copy.write_row(row)
            count += 1
    _comment(cursor, "TABLE", schema, table)
    return count


def _rows(path: Path, name: str) -> Iterator[Sequence[object]]:
    with connect(path, read_only=True, threads=1) as con:
        for batch in con.table(identifier(name)).to_arrow_reader(_BATCH_ROWS):
            yield from _tuples(batch)


def _tuples(batch: pa.RecordBatch) -> Iterator[Sequence[object]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _write_views(cursor: psycopg.Cursor, schema: str, catalog: Catalog) -> None:
    """The release's views in PostgreSQL's words, each after those it reads."""
    cursor.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))
    waiting = {table.name: sqlglot.parse_one(table.sql, dialect="duckdb") for table in _views(catalog)}
    while waiting:
        name = next(name for name, tree in waiting.items() if not _read_by(tree) & waiting.keys() - {name})
        cursor.execute(waiting.pop(name).sql(dialect="postgres").encode())
        _comment(cursor, "VIEW", schema, catalog.tables[name])


def _views(catalog: Catalog) -> list[Table]:
    return [table for table in catalog.tables.values() if table.is_view]


def _read_by(tree: exp.Expr) -> set[str]:
    return {table.name for table in tree.find_all(exp.Table)}


def _comment(cursor: psycopg.Cursor, kind: Literal["TABLE", "VIEW"], schema: str, table: Table) -> None:
    place = sql.Identifier(schema, table.name)
    words = sql.SQL("COMMENT ON {} {} IS {}").format(sql.SQL(kind), place, sql.Literal(table.words))
    cursor.execute(words)
    for column in table.columns:
        what = sql.Identifier(schema, table.name, _free(column.name))
        cursor.execute(sql.SQL("COMMENT ON COLUMN {} IS {}").format(what, sql.Literal(column.words)))


def _free(name: str) -> str:
    return f"{name}_" if name in _TAKEN else name


def _postgres_type(kind: str) -> sql.SQL:
    return sql.SQL("numeric") if kind.startswith("DECIMAL") else sql.SQL(_TYPES[kind])


def _run(cursor: psycopg.Cursor, statement: LiteralString, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _refusal(error: psycopg.Error) -> str:
    """The server's own word without the address, which may hold a password."""
    return error.diag.message_primary or f"no answer ({type(error).__name__})"
