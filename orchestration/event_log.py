"""Dagster's event log for a run in this process: its own files and tables, with connections kept open.

Dagster opens a connection, forces the disk and closes again several times for each of a journey's two
thousand events: most of the time of a run with little to do. What happened to the data is in the ledger,
which keeps its own promises; this log may lose its last moments when the machine, not the process, dies.
Which instance uses it is ``journey``'s.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

_KEPT = 3
"""Files kept open: the index of all runs, and the run that writes; one more while they change."""

_BUSY_SECONDS = 30


class OpenEventLog(SqliteEventLogStorage):
    """The same log as Dagster's, which reads and continues what this one wrote."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> Self:
        """Made from an instance's settings."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock, self._engine(shard).connect() as connection, connection.begin():
            yield connection

    def dispose(self) -> None:
        """Close every file."""
        super().dispose()
        while self._engines:
            self._engines.popitem()[1].dispose()

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            self._engines[shard] = self._opened(shard)
        self._engines.move_to_end(shard)
        if len(self._engines) > _KEPT:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def _opened(self, shard: str) -> Engine:
        engine = create_engine(
            self.conn_string_for_shard(shard), pool_size=1, connect_args={"timeout": _BUSY_SECONDS}
        )
        event.listen(engine, "connect", _without_waiting_for_the_disk)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        return engine


def _without_waiting_for_the_disk(connection: Any, _record: Any) -> None:
    """With a write-ahead log a killed process loses nothing; only a checkpoint waits for the disk."""
    connection.execute("PRAGMA synchronous = NORMAL")
