"""Delivery of what the ledger's outbox holds: receipts, written as files below the home.

What a receipt says belongs to whoever records the entry. A file is written again, byte for byte, as often
as it takes: a crash between the commit and the delivery loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from warehouse.home import Home
from warehouse.ledger import Ledger, OutboxFile

_BATCH = 500


def deliver(home: Home, ledger: Ledger) -> int:
    """Write every outbox file not delivered yet; returns how many."""
    files = list(ledger.waiting())
    for start in range(0, len(files), _BATCH):
        batch = files[start : start + _BATCH]
        _write_all(home, batch)
        ledger.mark_delivered(batch)
    return len(files)


def restore(home: Home, ledger: Ledger) -> int:
    """Write again every receipt that is missing from its box; returns how many."""
    missing = [file for file in ledger.outbox() if not (home.root / file.path).exists()]
    _write_all(home, missing)
    return len(missing)


def _write_all(home: Home, files: Sequence[OutboxFile]) -> None:
    for folder in _folders(home, files):
        folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        _write(home.root / file.path, file.content)


def _folders(home: Home, files: Iterable[OutboxFile]) -> set[Path]:
    return {(home.root / file.path).parent for file in files}


def _write(path: Path, content: bytes) -> None:
    """Written beside and renamed, so that nobody reads half a receipt.

    Not forced to disk: the outbox in the ledger is, and ``restore`` writes from it.
    """
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_bytes(content)
    beside.replace(path)
