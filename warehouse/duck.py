"""The only door to DuckDB: connections with everything switched off that a warehouse does not need.

Queries belong to the modules that ask them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    # What was read of a file is hardly ever asked for again: thousands of small ones would fill the memory.
    "enable_external_file_cache": False,
    # A Python variable must never answer to a table's name.
    "python_enable_replacements": False,
    "preserve_insertion_order": True,
}


_GLOB_MARK = re.compile(r"([\[*?])")

_SEALED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "temp_directory": "",
    "lock_configuration": True,
}


@contextmanager
def connect(
    path: Path | None = None,
    *,
    read_only: bool = False,
    threads: int = 2,
    memory_limit: str = "3GB",
    spill: Path | None = None,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the file ``path`` (in memory when None), closed at the end of the block.

    Nothing is installed or loaded from outside. What does not fit in memory goes to the folder ``spill``;
    without one, an in-memory connection spills nowhere and a file's spills beside it.
    """
    settings = _CLOSED | {"threads": threads, "memory_limit": memory_limit}
    if spill is not None or path is None:
        settings["temp_directory"] = "" if spill is None else str(spill)
    connection = duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=settings)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def connect_sealed(path: Path, *, threads: int, memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection for strangers' SQL: no file, network, extension or setting can be reached from
    it.

    The file itself stays readable as bytes for functions that read files, so what may be asked is decided
    before (``door.statement``), and the file holds nothing but published rows.
    """
    settings = _CLOSED | _SEALED | {"threads": threads, "memory_limit": memory_limit}
    connection = duckdb.connect(str(path), read_only=True, config=settings)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def one_thread(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """For work that one thread does alone, such as reading one text file in its order.

    A second thread would help nothing and ask all the time whether it may: that takes a whole core.
    """
    (threads,) = con.execute("SELECT current_setting('threads')").fetchone() or (1,)
    con.execute("SET threads = 1")
    try:
        yield
    finally:
        con.execute(f"SET threads = {int(threads)}")


def identifier(name: str) -> str:
    """``name`` as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """``text`` as an SQL string, for the statements that take no parameters (ATTACH, COMMENT, COPY)."""
    return "'" + text.replace("'", "''") + "'"


def duck_path(path: Path) -> str:
    """A path that DuckDB takes as this one file: even a bound parameter is a glob to it."""
    return _GLOB_MARK.sub(r"[\1]", str(path))
