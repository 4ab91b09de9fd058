"""A sample of the rows about to go out, in bounded memory: what columns are judged by.

The judgment belongs to ``contracts.identifiers``.
"""

from __future__ import annotations

from collections.abc import Sequence

FIRST = 2_000
STEP = 97
"""After the first rows, every so many-th: a prime, so that no rhythm of the file falls into step."""
MOST = 10_000
MOST_WITH_AT = 100


class RowSample:
    """The first rows, then one in ``STEP``; and any that hold an @, for an email address shows by that."""

    def __init__(self) -> None:
        self._rows: list[Sequence[str]] = []
        self._with_at: list[Sequence[str]] = []
        self._seen = 0

    def add(self, cells: Sequence[str]) -> None:
        """Offer a row."""
        self._seen += 1
        if (self._seen <= FIRST or self._seen % STEP == 0) and len(self._rows) < MOST:
            self._rows.append(cells)
        elif len(self._with_at) < MOST_WITH_AT and "@" in "".join(cells):
            self._with_at.append(cells)

    def columns(self) -> list[tuple[str, ...]]:
        """The sample by column."""
        return list(zip(*self._rows, *self._with_at, strict=True))
