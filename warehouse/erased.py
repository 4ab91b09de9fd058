"""Which submissions were erased, by the ledger. Pure.

Erasing itself belongs to ``erasure``. Here is asked whose rows must not be
counted, read or missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from warehouse.ledger import ERASED, Entry


def erased_submissions(entries: Iterable[Entry]) -> dict[str, int]:
    """The id of every erased submission, with the number of the ERASED entry that says so."""
    found: dict[str, int] = {}
    for entry in entries:
        if entry.kind == ERASED:
            ids: Any = entry.body["submissions"]
            found |= dict.fromkeys(ids, entry.seq)
    return found
