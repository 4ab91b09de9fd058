"""Getting files and folders onto the disk for certain, and pointers swapped so that no reader sees half.

What is written belongs to the callers.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_AT_ONCE = 16
"""Files forced to disk side by side: a journal commits many together in hardly more time than one."""


def sync(path: Path) -> None:
    """Return only when this file's content, or this folder's list of names, is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(paths: Iterable[Path]) -> None:
    """``sync`` every one of these, in no order; returns, or raises OSError, when all were tried."""
    wanted = list(paths)
    if len(wanted) <= 1:
        for path in wanted:
            sync(path)
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(sync, path) for path in wanted]:
            done.result()


def sync_tree(root: Path) -> None:
    """``sync`` a folder and everything below it: contents before the names that lead to them."""
    for path in sorted(root.rglob("*"), key=lambda p: len(p.parts), reverse=True):
        if not path.is_symlink():
            sync(path)
    sync(root)


def replace_bytes(path: Path, content: bytes) -> None:
    """Give a small file new content in one step; readers see the old or the new, and it is on disk."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_bytes(content)
    sync(beside)
    beside.replace(path)
    sync(path.parent)


def replace_text(path: Path, text: str) -> None:
    """``replace_bytes`` with text, in UTF-8."""
    replace_bytes(path, text.encode())
