"""A file's bytes, looked at in pieces that fit a processor's cache, whatever the file's size.

Where a piece may be cut is said by whoever looks; what the bytes mean belongs to ``encoding`` and
``records``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

BLOCK_BYTES = 1 << 18
"""What is looked at together: small enough for a processor's cache, cut where a line ends."""


class Octets(Protocol):
    """Bytes to be read in slices: ``bytes`` itself, or a file that never lies in memory as a whole."""

    def __len__(self) -> int: ...

    def __getitem__(self, of: slice, /) -> bytes: ...


class FileOctets:
    """A file's bytes, read from disk slice by slice (of step 1)."""

    def __init__(self, path: Path) -> None:
        self._path, self._size = path, path.stat().st_size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, of: slice, /) -> bytes:
        start, stop, _ = of.indices(self._size)
        handle = os.open(self._path, os.O_RDONLY)
        try:
            return os.pread(handle, max(0, stop - start), start)
        finally:
            os.close(handle)


def blocks(data: Octets, cut_of: Callable[[bytes], int], most: int) -> Iterator[tuple[int, bytes]]:
    """Offsets and bytes of blocks cut where ``cut_of`` says (0: nowhere, so that a longer one is tried).

    The last one ends where the file does, or has ``most`` bytes when it cannot be cut within these.
    """
    start, size = 0, BLOCK_BYTES
    while start < len(data):
        block = data[start : start + size]
        cut = len(block) if start + len(block) == len(data) else cut_of(block)
        if cut:
            yield start, block[:cut]
            start, size = start + cut, BLOCK_BYTES
        elif size < most:
            size = min(2 * size, most)
        else:
            yield start, block
            return
