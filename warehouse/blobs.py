"""Files taken from a box without trusting it: copied aside while they are hashed.

What a file means is not asked here; how it is kept belongs in ``vault``.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warehouse.boxes import Box, BoxUnreachable, Unreadable, Unstable
from warehouse.home import Home

_CHUNK = 1 << 20


class TooLarge(Exception):
    """The file is larger than the cap."""


@dataclass(frozen=True)
class Copy:
    """A file copied aside: where, its hash and size, and the identity of what it was copied from."""

    beside: Path
    sha256: str
    size: int
    source: str


def copy_aside(box: Box, name: str, beside: Path, cap: int) -> Copy:
    """Copy a regular file of a box to ``beside`` while hashing it.

    Raises Unstable when it is no regular file any more or changes meanwhile, Unreadable without the right to
    read it, TooLarge beyond ``cap`` bytes, BoxUnreachable when its store fails again and again.
    The copy is not on disk for certain before ``vault.keep``.
    """
    return box.patiently(lambda: _copy(box, name, beside, cap))


def hash_of(box: Box, name: str, cap: int) -> str | None:
    """The sha256 of a file that is not kept; None when it cannot be read or is larger than ``cap``."""
    try:
        return box.patiently(lambda: _hash(box, name, cap))
    except (Unstable, Unreadable, TooLarge, BoxUnreachable):
        return None


def _copy(box: Box, name: str, beside: Path, cap: int) -> Copy:
    """One try. Whatever goes wrong, no part of a file stays behind."""
    try:
        with box.open(name) as reading, _create(beside) as writer:
            sha256, size = _pump(reading.read, writer, cap)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return Copy(beside, sha256, size, reading.identity)


def _hash(box: Box, name: str, cap: int) -> str:
    with box.open(name) as reading:
        return _pump(reading.read, None, cap)[0]


def clear_aside(home: Home) -> Path:
    """Throw away what an interrupted run copied aside; returns the folder for new copies."""
    folder = home.landing / ".tmp"
    folder.mkdir(exist_ok=True)
    for leftover in folder.iterdir():
        leftover.unlink()
    return folder


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o440), "wb", buffering=0)


def _pump(read: Callable[[int], bytes], writer: BinaryIO | None, cap: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := read(_CHUNK):
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
