"""One question, answered in the process that was made for it: limits first, then the question, then the
answer.

Nothing here is trusted to come back: whoever waits gets the answer, or the end of the line. Making the
process belongs to ``forking``, waiting for it to ``workers``.
"""

from __future__ import annotations

import ctypes
import json
import math
import resource
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from contracts.errors import DoorError
from warehouse.door.limits import Limits
from warehouse.door.opened import Opened, key
from warehouse.door.statement import read_statement

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_BATCH_ROWS = 10_000
_TELLING = (
    duckdb.BinderException,
    duckdb.ConversionException,
    duckdb.OutOfRangeException,
    duckdb.InvalidInputException,
)
"""Errors of the question itself, whose words are about its columns and values; the others' can name places.
"""


@dataclass(frozen=True)
class Question:
    """SQL for the release in the file ``path``, of which only ``tables`` may be read."""

    path: Path
    sql: str
    tables: tuple[str, ...]
    limits: Limits

    @property
    def about(self) -> str:
        """What can be got ready for it before its process is made."""
        return key(self.path, self.limits)

    def to_json(self) -> str:
        """As it travels to the process that answers it."""
        words = {"path": str(self.path), "sql": self.sql, "tables": self.tables, "limits": vars(self.limits)}
        return json.dumps(words)

    @classmethod
    def of(cls, text: str) -> Question:
        """Read what ``to_json`` wrote."""
        raw = json.loads(text)
        return cls(Path(raw["path"]), raw["sql"], tuple(raw["tables"]), Limits(**raw["limits"]))


def answer_on(opened: Opened, line: socket.socket) -> None:
    """Read a question from ``line``, hold its limits, and write the answer: a header of JSON, then Arrow.

    The header is one line: ``{"rows": n}``, or the error's parts.
    """
    with line, line.makefile("rb") as asked:
        question = Question.of(asked.readline().decode())
        _hold(question.limits)
        with line.makefile("wb") as answer:
            try:
                table = _answer(opened, question)
            except DoorError as error:
                answer.write(_header(error=vars(error)))
                return
            answer.write(_header(rows=table.num_rows))
            with pa.ipc.new_stream(answer, table.schema) as stream:
                stream.write_table(table)


def _hold(limits: Limits) -> None:
    """Let the kernel end this process when it takes too much; its timer ends it even inside one long
    function.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    seconds = math.ceil(limits.seconds * limits.threads) + 1
    most = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: _address_space() + limits.memory_bytes,
    }
    for what, number in most.items():
        resource.setrlimit(what, (number, number))
    _cut_off()


def _address_space() -> int:
    """Bytes of address space this process has now; 0 where the system does not say."""
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return 0


def _cut_off() -> None:
    """No network, no new privileges, no readable memory image, where Linux allows it; elsewhere nothing."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    # Refused inside some containers: DuckDB's own switch and the list of functions still stand.
    libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _answer(opened: Opened, question: Question) -> pa.Table:
    limits = question.limits
    sql = read_statement(question.sql, question.tables, limits)
    try:
        with opened.connection(question.path, limits) as con:
            return _within(con.execute(sql).to_arrow_reader(_BATCH_ROWS), limits)
    except _TELLING as error:
        raise _unanswerable(str(error).split("\n\nLINE")[0]) from error
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise too_much(limits) from error
    except duckdb.Error as error:
        raise _unanswerable(f"a {type(error).__name__}") from error


def _within(batches: pa.RecordBatchReader, limits: Limits) -> pa.Table:
    """All of an answer; DOR-007 as soon as it is larger than may be sent."""
    kept: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows > limits.rows or size > limits.answer_bytes:
            raise DoorError(
                "DOR-007",
                found=f"more than {limits.rows:,} rows or {limits.answer_bytes >> 20} MiB",
                expected="an answer within both",
                where="the answer",
                remedy="Add WHERE, GROUP BY or LIMIT; whole tables can be downloaded under /latest/tables/.",
            )
        kept.append(batch)
    return pa.Table.from_batches(kept, batches.schema)


def too_much(limits: Limits) -> DoorError:
    """DOR-006: the question took more time or memory than one may."""
    return DoorError(
        "DOR-006",
        found=f"a question that takes more than {limits.seconds:g} s or {limits.memory_bytes >> 20} MiB",
        expected="one that stays within both",
        where="the question",
        remedy="Join on keys, group earlier, or download the tables and compute at home.",
    )


def _unanswerable(words: str) -> DoorError:
    return DoorError(
        "DOR-008",
        found=" ".join(words.split())[:500],
        expected="columns and types of this release",
        where="the question",
        remedy="`/tables` lists every table with its columns.",
    )


def _header(**said: Any) -> bytes:
    return json.dumps(said).encode() + b"\n"
