"""A file system that fails when it is told to: fsspec's own, with faults planted between it and its caller.

Faults are planted by the name of a call, in the order in which they strike. What the house makes of them is
for the tests that plant them.
"""

from __future__ import annotations

import errno
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from fsspec import AbstractFileSystem

Fault = Callable[[Any], Any]
"""Told what the call would have returned; returns something else, or raises."""


def breaks(number: int) -> Fault:
    """The call raises OSError with this number, such as ``errno.EIO`` or ``errno.ENOSPC``."""

    def strike(_honest: Any) -> Any:
        raise OSError(number, "planted")

    return strike


def times_out(_honest: Any) -> Any:
    """The call gets no answer."""
    raise TimeoutError(errno.ETIMEDOUT, "planted")


def passes(honest: Any) -> Any:
    """Nothing goes wrong this time."""
    return honest


def cut_short(honest: bytes) -> bytes:
    """A read gives half of what there is; planted once more with ``ends`` it looks like the end."""
    return honest[: len(honest) // 2]


def ends(_honest: bytes) -> bytes:
    """A read says that the file ends here."""
    return b""


def stale(listing: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A listing from before the newest thing came."""
    return listing[:-1]


class FaultFS(AbstractFileSystem):  # type: ignore[misc]
    """``honest`` behind planted faults: calls are ``ls info open read mv rm_file pipe_file makedirs``."""

    cachable = False

    def __init__(self, honest: AbstractFileSystem) -> None:
        super().__init__()
        self.honest = honest
        self.calls: list[str] = []
        self._planted: dict[str, deque[Fault]] = defaultdict(deque)

    def plant(self, call: str, *faults: Fault) -> None:
        """Let the next calls of this name meet these faults, one each."""
        self._planted[call].extend(faults)

    def strike(self, call: str, act: Callable[[], Any]) -> Any:
        """Do a call, and what was planted on it."""
        self.calls.append(call)
        fault = self._planted[call].popleft() if self._planted[call] else passes
        return fault(act())

    def ls(self, path: str, detail: bool = True, **_: Any) -> Any:
        return self.strike("ls", lambda: self.honest.ls(path, detail=detail))

    def info(self, path: str, **_: Any) -> Any:
        return self.strike("info", lambda: self.honest.info(path))

    def open(self, path: str, mode: str = "rb", **_: Any) -> Any:
        return self.strike("open", lambda: _FaultFile(self, self.honest.open(path, mode)))

    def mv(self, source: str, target: str, **_: Any) -> None:
        self.strike("mv", lambda: self.honest.mv(source, target))

    def rm_file(self, path: str) -> None:
        self.strike("rm_file", lambda: self.honest.rm_file(path))

    def pipe_file(self, path: str, content: bytes, **_: Any) -> None:
        self.strike("pipe_file", lambda: self.honest.pipe_file(path, content))

    def makedirs(self, path: str, exist_ok: bool = False) -> None:
        self.strike("makedirs", lambda: self.honest.makedirs(path, exist_ok=exist_ok))


class _FaultFile:
    def __init__(self, files: FaultFS, honest: Any) -> None:
        self._files = files
        self._honest = honest

    def read(self, size: int) -> bytes:
        given: bytes = self._files.strike("read", lambda: self._honest.read(size))
        return given

    def close(self) -> None:
        self._honest.close()
