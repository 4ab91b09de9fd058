"""Releases opened before a question comes: opening one takes ten times as long as most questions.

A database that one thread alone works in can be forked like any other memory, and each child has its own.
What is asked of it belongs to ``answering``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from warehouse.door.limits import Limits
from warehouse.duck import connect_sealed

_MOST = 3
"""Releases open at once: the newest, and two that somebody compares it with."""


@dataclass
class Opened:
    """The releases asked about last, by path and DuckDB's memory limit; the oldest gives way."""

    _kept: OrderedDict[str, tuple[ExitStack, duckdb.DuckDBPyConnection]] = field(default_factory=OrderedDict)

    def get_ready(self, about: str) -> None:
        """Open what ``key`` wrote; a file that cannot be opened is left to the child, which says so."""
        if about in self._kept:
            self._kept.move_to_end(about)
        elif about:
            self._open(about)

    def _open(self, about: str) -> None:
        memory_limit, _, path = about.partition(" ")
        with suppress(duckdb.Error), ExitStack() as stack:
            con = stack.enter_context(connect_sealed(Path(path), threads=1, memory_limit=memory_limit))
            self._kept[about] = stack.pop_all(), con
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)[1][0].close()

    @contextmanager
    def connection(self, path: Path, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
        """A sealed connection to a release: the open one where there is one, else one of its own."""
        if (about := key(path, limits)) in self._kept:
            yield self._kept[about][1]
        else:
            memory, threads = limits.duckdb_memory, limits.threads
            with connect_sealed(path, threads=threads, memory_limit=memory) as con:
                yield con


def key(path: Path, limits: Limits) -> str:
    """What a question is about, for ``get_ready``; nothing where its database has threads, lost in a fork."""
    return f"{limits.duckdb_memory} {path}" if limits.threads == 1 else ""
