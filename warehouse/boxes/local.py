"""A box in a folder of this machine: links are never followed, and only regular files are ever opened.

What the folders are called belongs to ``box``; what lies in them means nothing here.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from warehouse.boxes.box import IN, OUT, REFUSED, Answer, Box, Found, Reading, Unreadable, Unstable

_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# The file went away, or turned into a link or a folder, between the listing and now: look again next time.
_CHANGED = {errno.ENOENT, errno.ELOOP, errno.ENXIO, errno.ENOTDIR, errno.EISDIR}


class LocalBox(Box):
    """A box in a folder. A disk that fails is the house's own trouble and raises OSError."""

    has_our_clock = True

    def __init__(self, firm_id: str, folder: Path) -> None:
        super().__init__(firm_id)
        self._folder = folder

    def look(self) -> list[Found]:
        inbox = self._folder / IN
        if not inbox.is_dir() or inbox.is_symlink():
            return []
        with os.scandir(inbox) as entries:
            return [found for entry in entries if (found := _found(entry))]

    @contextmanager
    def open(self, name: str) -> Iterator[Reading]:
        path = self._folder / IN / name
        handle = _open_regular(path)
        try:
            before = identity_of(os.fstat(handle))
            yield Reading(lambda size: os.read(handle, size), before)
            if identity_of(os.fstat(handle)) != before or not _is_still(path, before):
                raise Unstable
        finally:
            os.close(handle)

    def patiently(self, act: Callable[[], Answer]) -> Answer:
        return act()

    def remove(self, name: str, identity: str) -> None:
        path = self._folder / IN / name
        if _is_still(path, identity):
            path.unlink()

    def set_aside(self, names: tuple[str, ...], number: int) -> None:
        folder = _free(self._folder / REFUSED / str(number), names)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            path = self._folder / IN / name
            if os.path.lexists(path):
                path.rename(folder / name)

    def put(self, name: str, content: bytes) -> None:
        """Not forced to disk: the outbox in the ledger is, and receipts are written again from it."""
        out = self._folder / OUT
        out.mkdir(parents=True, exist_ok=True)
        beside = out / f".{name}.tmp"
        beside.write_bytes(content)
        beside.replace(out / name)

    def receipts(self) -> frozenset[str]:
        out = self._folder / OUT
        return frozenset(os.listdir(out)) if out.is_dir() else frozenset()  # noqa: PTH208 (names as they are)


def identity_of(status: os.stat_result) -> str:
    """What tells one state of one file from another: device, inode, size and time of change."""
    return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"


def _found(entry: os.DirEntry[str]) -> Found | None:
    """A thing as it was listed; None when it is gone by now."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    modified = datetime.fromtimestamp(min(max(status.st_mtime, 0), _LATEST), UTC)
    return Found(entry.name, stat.S_ISREG(status.st_mode), status.st_size, modified, identity_of(status))


_LATEST = datetime(9999, 1, 1, tzinfo=UTC).timestamp()
"""A firm may set any time on a file; beyond this one there is no calendar."""


def _open_regular(path: Path) -> int:
    try:
        handle = os.open(path, _OPEN_FLAGS)
    except OSError as error:
        if error.errno in _CHANGED:
            raise Unstable from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise Unreadable from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Unstable
    return handle


def _is_still(path: Path, identity: str) -> bool:
    """Whether the path names that same, unchanged file."""
    try:
        return identity_of(path.lstat()) == identity
    except OSError:
        return False


def _free(folder: Path, names: Sequence[str]) -> Path:
    """The folder itself, unless it has one of these names: what a killed run began goes on."""
    others = (folder.with_name(f"{folder.name}.{number}") for number in count(2))
    free = (one for one in chain((folder,), others) if not any(os.path.lexists(one / name) for name in names))
    return next(free)
