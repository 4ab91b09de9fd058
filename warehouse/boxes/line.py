"""The line to a store across a network: one connection for all of its boxes, tried again within bounds.

What goes over the line belongs to ``remote``; how a connection is made, to ``sftp`` and ``s3``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from warehouse.boxes.box import BoxUnreachable, StoreFault

Answer = TypeVar("Answer")

ATTEMPTS = 4
LONGEST_PAUSE_SECONDS = 8.0
"""Pauses are drawn at random below a bound that doubles, so that many houses do not knock in step."""

FINAL = (FileNotFoundError, FileExistsError, PermissionError, IsADirectoryError, NotADirectoryError)
"""Answers of a store, not failures of it."""


@dataclass(frozen=True)
class Store:
    """A store one can connect to.

    ``connect`` gives an fsspec file system. ``failures`` are the exceptions its library raises when a call
    fails, ``cuts`` those of them that mean the connection is gone, ``refusals`` those no retry can mend.
    """

    place: str
    connect: Callable[[], Any]
    failures: tuple[type[BaseException], ...]
    cuts: tuple[type[BaseException], ...]
    refusals: tuple[type[BaseException], ...] = ()
    disconnect: Callable[[Any], None] = lambda _files: None


class Line:
    """A connection that is made when first needed, and given up for this run once it stays down."""

    def __init__(self, store: Store, sleep: Callable[[float], None] = time.sleep) -> None:
        self._store = store
        self._sleep = sleep
        self._files: Any = None
        self._down: str | None = None

    @property
    def files(self) -> Any:
        """The store's fsspec file system; StoreFault when no connection can be made."""
        if self._files is None:
            with self.translated():
                self._files = self._store.connect()
        return self._files

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Turn what the store's library raises into StoreFault or BoxUnreachable; ``FINAL`` answers pass."""
        try:
            yield
        except FINAL:
            raise
        except self._store.refusals as error:
            raise self._give_up(type(error).__name__) from error
        except self._store.failures as error:
            raise StoreFault(type(error).__name__, is_cut=isinstance(error, self._store.cuts)) from error

    def patiently(self, act: Callable[[], Answer]) -> Answer:
        """Do ``act``, again after a StoreFault; BoxUnreachable when it fails to the last."""
        if self._down is not None:
            raise BoxUnreachable(self._down)
        try:
            return self._retrying()(act)
        except StoreFault as fault:
            if fault.is_cut:
                raise self._give_up(fault.reason) from fault
            raise BoxUnreachable(self._words(fault.reason)) from fault

    def close(self) -> None:
        """Hang up."""
        files, self._files = self._files, None
        if files is not None:
            self._store.disconnect(files)

    def _retrying(self) -> Retrying:
        return Retrying(
            retry=retry_if_exception_type(StoreFault),
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.5, max=LONGEST_PAUSE_SECONDS),
            sleep=self._sleep,
            before_sleep=self._reconnect_after_cut,
            reraise=True,
        )

    def _reconnect_after_cut(self, state: RetryCallState) -> None:
        fault = state.outcome.exception() if state.outcome else None
        if isinstance(fault, StoreFault) and fault.is_cut:
            self.close()

    def _give_up(self, reason: str) -> BoxUnreachable:
        """Every further call fails at once: a run must not wait for a dead store file by file."""
        self._down = self._words(reason)
        return BoxUnreachable(self._down)

    def _words(self, reason: str) -> str:
        return f"{self._store.place} ({reason})"
