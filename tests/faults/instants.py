"""Every instant at which the house changes a disk: found by watching its system calls, not by its word.

Calls that change a disk (and BEGIN and COMMIT of SQLite) are wrapped, so a process can be stopped just
before and just after each. Code written tomorrow is watched too, and the house itself holds no hook for it.
What is done in a watched process belongs in ``errands``.
"""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

CALLS = ("chmod", "fsync", "link", "mkdir", "remove", "rename", "replace", "rmdir", "symlink", "unlink")
HOUSE = {"contracts", "warehouse", "reports", "orchestration"}
_BETWEEN = {"pathlib", "shutil", "os", "io", "contextlib", "unittest", "tests", "tempfile", "fsspec"}
_STATEMENTS = ("BEGIN", "COMMIT")

OnInstant = Callable[[str], None]


@contextmanager
def watched(on_instant: OnInstant) -> Iterator[None]:
    """Tell ``on_instant`` of every instant while the block runs: ``before fsync in warehouse.disk.sync``."""
    with ExitStack() as stack:
        for name in CALLS:
            stack.enter_context(patch.object(os, name, _around(name, getattr(os, name), on_instant)))
        stack.enter_context(patch.object(io, "open", _around("open", io.open, on_instant, _writes)))
        stack.enter_context(patch.object(os, "open", _around("create", os.open, on_instant, _creates)))
        stack.enter_context(patch.object(sqlite3, "connect", _connect(sqlite3.connect, on_instant)))
        yield


@dataclass
class Journal:
    """Writes down every instant."""

    told: list[str] = field(default_factory=list)

    def __call__(self, instant: str) -> None:
        self.told.append(instant)


@dataclass
class KillAt:
    """Kills this process, without a word and without mercy, at its n-th instant (1 is the first).

    Files are forced to disk side by side, so instants of several threads come at once; each counts once.
    """

    number: int
    passed: int = 0
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, _instant: str) -> None:
        with self._one_at_a_time:
            self.passed += 1
            if self.passed == self.number:
                os.kill(os.getpid(), signal.SIGKILL)


def _around(
    name: str,
    call: Callable[..., Any],
    on_instant: OnInstant,
    counts: Callable[..., bool] = lambda *_a, **_k: True,
) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        place = _place() if counts(*args, **kwargs) else None
        if place:
            on_instant(f"before {name} in {place}")
        answer = call(*args, **kwargs)
        if place:
            on_instant(f"after {name} in {place}")
        return answer

    return wrapped


def _writes(_file: object, mode: str = "r", *_args: object, **_kwargs: object) -> bool:
    return not set(mode) & {"r"}


def _creates(_path: object, flags: int, *_args: object, **_kwargs: object) -> bool:
    return bool(flags & os.O_CREAT)


def _connect(connect: Callable[..., Any], on_instant: OnInstant) -> Callable[..., Any]:
    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
            execute = super().execute
            return _around(sql[:40], execute, on_instant, lambda s, *_a: s.startswith(_STATEMENTS))(
                sql, *args
            )  # type: ignore[no-any-return]

    return lambda *args, **kwargs: connect(*args, **{"factory": Watched} | kwargs)


def _place() -> str | None:
    """The function of the house that asked for the call; None when somebody else did (an engine, Dagster)."""
    frame = sys._getframe(2)
    while frame:
        module = str(frame.f_globals.get("__name__", ""))
        top = module.split(".")[0]
        if top in HOUSE:
            return f"{module}.{frame.f_code.co_qualname}"
        if top not in _BETWEEN:
            return None
        frame = frame.f_back  # type: ignore[assignment]
    return None
