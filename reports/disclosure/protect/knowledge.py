"""What an attacker knows beyond the published cells, and which alternative tables survive that knowledge.

The public knows that nothing is negative. A firm knows its own part of every cell, and a cell wholly if
nobody else is in it. Finding alternatives is ``flows`` and ``circuits``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reports.disclosure.protect.system import NOBODY, Contributors, Integers, System


@dataclass(frozen=True)
class Flow:
    """An alternative table less the true one: the cells that move and by how much (never 0)."""

    cells: Integers
    deltas: Integers

    def times(self, factor: int) -> Flow:
        """The same move, so many times as far; a negative factor turns it around."""
        return Flow(self.cells, self.deltas * factor)

    def of(self, cell: int) -> int:
        """How far one cell moves."""
        found = self.deltas[self.cells == cell]
        return int(found[0]) if len(found) else 0


@dataclass(frozen=True)
class Knowledge:
    """The two largest parts of every cell, and the parts of every firm."""

    contributors: Contributors
    size: int

    @classmethod
    def of(cls, system: System) -> Knowledge:
        """What the firms of a system know."""
        return cls(system.contributors, system.size)

    @cached_property
    def _ranked(self) -> tuple[Integers, Integers, Integers, Integers]:
        """Aligned by cell: how many firms, the largest firm, its part, the second-largest part."""
        parts = self.contributors
        order = np.lexsort((parts.firm, -parts.units, parts.cell))
        cell, firm, units = parts.cell[order], parts.firm[order], parts.units[order]
        count = np.bincount(cell, minlength=self.size).astype(np.int64)
        start = np.concatenate(([0], np.cumsum(count)[:-1])).astype(np.int64)
        largest_firm = np.full(self.size, NOBODY, dtype=np.int64)
        largest, second = np.zeros(self.size, dtype=np.int64), np.zeros(self.size, dtype=np.int64)
        some, several = count > 0, count > 1
        largest_firm[some], largest[some] = firm[start[some]], units[start[some]]
        second[several] = units[start[several] + 1]
        return count, largest_firm, largest, second

    @cached_property
    def sole(self) -> Integers:
        """The only contributor of each cell, or NOBODY."""
        count, largest_firm, _, _ = self._ranked
        return np.where(count == 1, largest_firm, NOBODY)

    @property
    def leader(self) -> Integers:
        """The firm with the largest part of each cell, or NOBODY."""
        return self._ranked[1]

    @property
    def largest(self) -> Integers:
        """The largest part of each cell."""
        return self._ranked[2]

    @property
    def second(self) -> Integers:
        """The second-largest part of each cell."""
        return self._ranked[3]

    def floors(self, owner: int) -> Integers:
        """The largest part that any firm but ``owner`` has in each cell: below it that firm would know."""
        _, largest_firm, largest, second = self._ranked
        return np.where((largest_firm == owner) & (owner != NOBODY), second, largest)

    def fixed_for_others(self, owner: int) -> Integers:
        """The cells that one firm other than ``owner`` knows wholly."""
        return np.flatnonzero((self.sole != NOBODY) & (self.sole != owner))

    def parts_of(self, firm: int) -> Integers:
        """A firm's part of every cell."""
        own = self.contributors.firm == firm
        parts = np.zeros(self.size, dtype=np.int64)
        parts[self.contributors.cell[own]] = self.contributors.units[own]
        return parts

    @cached_property
    def _by_cell(self) -> tuple[Integers, Integers, Integers]:
        parts = self.contributors
        order = np.argsort(parts.cell, kind="stable")
        first = np.concatenate(([0], np.cumsum(np.bincount(parts.cell, minlength=self.size))))
        return first.astype(np.int64), parts.firm[order], parts.units[order]

    def blockers(self, flow: Flow, values: Integers) -> frozenset[int]:
        """The firms that know that the table ``values + flow`` is not the true one."""
        first, firm, units = self._by_cell
        sole = self.sole[flow.cells]
        found = set(sole[sole != NOBODY].tolist())
        left = values[flow.cells] + flow.deltas
        _, _, largest, _ = self._ranked
        for cell, rest in zip(
            flow.cells[left < largest[flow.cells]], left[left < largest[flow.cells]], strict=True
        ):
            inside = slice(first[cell], first[cell + 1])
            found |= set(firm[inside][units[inside] > rest].tolist())
        return frozenset(found)
