"""Files taken from a box without trusting it: copied aside while they are hashed.

What a file means is not asked here; how it is kept belongs in ``vault``.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warehouse.home import Home

_CHUNK = 1 << 20
_OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
# The file went away, or turned into a link or a folder, between the listing and now: look again next time.
_CHANGED = {errno.ENOENT, errno.ELOOP, errno.ENXIO, errno.ENOTDIR, errno.EISDIR}


class Unstable(Exception):
    """The file is not the one that was listed, or it changed while it was read."""


class Unreadable(Exception):
    """The house has no right to read the file."""


class TooLarge(Exception):
    """The file is larger than the cap."""


@dataclass(frozen=True)
class Identity:
    """What tells one state of one file from another."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Identity:
        """The identity a stat call reports."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True)
class Copy:
    """A file copied aside: where, its hash and size, and the identity of what it was copied from."""

    beside: Path
    sha256: str
    size: int
    source: Identity


def copy_aside(source: Path, beside: Path, cap: int) -> Copy:
    """Copy a regular file to ``beside`` while hashing it.

    Raises Unstable when it is no regular file any more or changes meanwhile, Unreadable without the right to
    read it, TooLarge beyond ``cap`` bytes.
    The copy is not on disk for certain before ``vault.keep``.
    """
    try:
        with _open_regular(source) as reader, _create(beside) as writer:
            before = Identity.of(os.fstat(reader.fileno()))
            sha256, size = _pump(reader, writer, cap)
            after = Identity.of(os.fstat(reader.fileno()))
        if before != after or size != after.size or not is_still(source, before):
            raise Unstable
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return Copy(beside, sha256, size, before)


def hash_of(source: Path, cap: int) -> str | None:
    """The sha256 of a file that is not kept; None when it cannot be read or is larger than ``cap``."""
    try:
        with _open_regular(source) as reader:
            return _pump(reader, None, cap)[0]
    except (Unstable, Unreadable, TooLarge):
        return None


def is_still(path: Path, identity: Identity) -> bool:
    """Whether the path names that same, unchanged file."""
    try:
        return Identity.of(path.lstat()) == identity
    except OSError:
        return False


def clear_aside(home: Home) -> Path:
    """Throw away what an interrupted run copied aside; returns the folder for new copies."""
    folder = home.landing / ".tmp"
    folder.mkdir(exist_ok=True)
    for leftover in folder.iterdir():
        leftover.unlink()
    return folder


def _open_regular(path: Path) -> BinaryIO:
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
    return os.fdopen(handle, "rb", buffering=0)


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440), "wb", buffering=0)


def _pump(reader: BinaryIO, writer: BinaryIO | None, cap: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := reader.read(_CHUNK):
        size += len(chunk)
        if size > cap:
            raise TooLarge
        digest.update(chunk)
        if writer is not None:
            _write_whole(writer, chunk)
    return digest.hexdigest(), size


def _write_whole(writer: BinaryIO, chunk: bytes) -> None:
    """An unbuffered write may take only a part: near a full disk it does."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[writer.write(rest) :]
