"""Sums of money that nobody declared: amounts of one table that are the same money as amounts of another.

Found by their cents, not by what tables say of themselves: two groups of amounts that add up to the same,
firm by firm, are one sum to whoever adds. What follows from equations is ``proof``'s.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from reports.disclosure.audit.evidence import Block

_Money = tuple[int, tuple[tuple[int, int], ...]]
"""What a group adds up to, and each firm's part of it."""


@dataclass(frozen=True)
class _Group:
    """The amounts of one measure in one table: their places, and what the key of each says."""

    cells: tuple[int, ...]
    keys: tuple[Mapping[str, Any], ...]

    @property
    def window(self) -> tuple[str, str] | None:
        """The first and the last quarter that the amounts are about; None where they name none."""
        first = [key["cohort_start"] for key in self.keys if "cohort_start" in key]
        last = [key["cohort_end"] for key in self.keys if "cohort_end" in key]
        return (min(first), max(last)) if first and last else None

    def within(self, window: tuple[str, str]) -> tuple[int, ...]:
        """The amounts of single quarters within a window."""
        listed = zip(self.cells, self.keys, strict=True)
        return tuple(cell for cell, key in listed if window[0] <= key.get("period", "") <= window[1])


def with_found_sums(block: Block) -> Block:
    """The block with an equation for any two groups of amounts that are the same money."""
    groups = list(_groups(block))
    rows = sorted(set(_same_money(block, groups)))
    if not rows:
        return block
    entries = [
        (at, cell, sign)
        for at, (one, other) in enumerate(rows)
        for cells, sign in ((one, 1), (other, -1))
        for cell in cells
    ]
    row, cell, sign = np.array(entries, dtype=np.int64).T
    more = sparse.coo_array((sign, (row, cell)), shape=(len(rows), block.size)).tocsr()
    return replace(block, equations=sparse.csr_array(sparse.vstack([block.equations, more], format="csr")))


def _groups(block: Block) -> Iterator[_Group]:
    found: dict[tuple[str, str], list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
    for cell, text in enumerate(block.keys):
        key = json.loads(text)
        if isinstance(key, dict) and key.get("number") == "amount" and "metric_id" in key:
            found[block.tables[cell], str(key["metric_id"])].append((cell, key))
    for _, listed in sorted(found.items()):
        cells, keys = zip(*listed, strict=True)
        yield _Group(cells, keys)


def _same_money(block: Block, groups: Sequence[_Group]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    parts = _parts(block)
    known: dict[_Money, tuple[int, ...]] = {}
    for cells in _sets(groups):
        money = _money(block, parts, cells)
        first = known.setdefault(money, cells)
        if money[0] and not set(first) & set(cells):
            yield first, cells


def _sets(groups: Sequence[_Group]) -> Iterator[tuple[int, ...]]:
    """Every group whole, then what of each falls into the window of any other."""
    windows = sorted({group.window for group in groups if group.window is not None})
    yield from (group.cells for group in groups)
    for group in groups:
        yield from filter(None, (group.within(window) for window in windows))


def _parts(block: Block) -> Mapping[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    parts = block.parts
    for cell, firm, units in zip(parts.cell.tolist(), parts.firm.tolist(), parts.units.tolist(), strict=True):
        found[cell].append((firm, units))
    return found


def _money(block: Block, parts: Mapping[int, list[tuple[int, int]]], cells: Sequence[int]) -> _Money:
    by_firm: dict[int, int] = defaultdict(int)
    for cell in cells:
        for firm, units in parts.get(cell, ()):
            by_firm[firm] += units
    whole = int(block.units[list(cells)].sum())
    return whole, tuple(sorted((firm, units) for firm, units in by_firm.items() if units))
