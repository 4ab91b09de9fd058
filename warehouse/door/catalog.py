"""What a release can be asked about: its tables and views with the words and types of their columns.

Read from the published database itself, so that it cannot differ from what is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.duck import connect
from warehouse.release_tables import DATABASE_NAME


@dataclass(frozen=True)
class Column:
    """A column: its name, DuckDB type and what it says."""

    name: str
    kind: str
    words: str


@dataclass(frozen=True)
class Table:
    """A published table, or a view of published tables, which has the SQL that makes it."""

    name: str
    words: str
    columns: tuple[Column, ...]
    sql: str = ""

    @property
    def is_view(self) -> bool:
        """Whether its rows are made of other tables' when asked."""
        return bool(self.sql)


@dataclass(frozen=True)
class Catalog:
    """The tables and views of one release, by name, and the file they lie in."""

    path: Path
    tables: Mapping[str, Table]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that may be read."""
        return tuple(self.tables)


def read_catalog(root: Path) -> Catalog:
    """The catalog of the release in the folder ``root``."""
    path = root / DATABASE_NAME
    with connect(path, read_only=True, threads=1) as con:
        columns = con.execute(
            "SELECT table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY table_name, column_index"
        ).fetchall()
        named = con.execute(
            "SELECT table_name, coalesce(comment, ''), '' FROM duckdb_tables() WHERE NOT internal "
            "UNION ALL "
            "SELECT view_name, coalesce(comment, ''), sql FROM duckdb_views() WHERE NOT internal ORDER BY 1"
        ).fetchall()
    described = [
        Table(name, words, tuple(Column(*rest) for owner, *rest in columns if owner == name), made_by)
        for name, words, made_by in named
    ]
    return Catalog(path, {table.name: table for table in described})
