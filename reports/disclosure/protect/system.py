"""A system of cells: values that hang together by equations, who is behind them, and what must stay
uncertain.

Whole numbers only. Everything here is given; what gets hidden is decided in ``search`` and ``exact``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from contracts.errors import DisclosureError

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

NOBODY = -1


@dataclass(frozen=True)
class Contributors:
    """Which firm has which part of which cell: three aligned arrays, at most one row per cell × firm.

    ``firm`` is an index of ``names`` (controlling entities); ``units`` is the part, at least 0.
    """

    cell: Integers
    firm: Integers
    units: Integers
    names: tuple[str, ...] = ()

    @classmethod
    def none(cls) -> Contributors:
        """Nobody is known to be behind any cell: the public is the only attacker."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, empty)


@dataclass(frozen=True)
class Needs:
    """For each cell how far an attacker's interval must reach above and below it; 0 where it need not."""

    up: Integers
    down: Integers

    @cached_property
    def is_primary(self) -> Flags:
        """The cells that a rule hides."""
        return (self.up > 0) | (self.down > 0)


@dataclass(frozen=True)
class System:
    """Cells 0…n−1. ``equations``: one row each, Σ coefficient · value = 0.

    ``locked`` cells are never shown (levels that are not published); ``kept`` cells can no longer be hidden
    (shown by an earlier release). ``weights`` is what hiding a cell costs. Cells of the same ``group`` (sum,
    count and mean of one cell) are shown or hidden together.
    DisclosureError PRO-001 for a negative value, PRO-002 for an equation that does not hold.
    """

    values: Integers
    equations: sparse.csr_array
    needs: Needs
    weights: Floats
    locked: Flags
    kept: Flags
    group: Integers
    contributors: Contributors = field(default_factory=Contributors.none)

    def __post_init__(self) -> None:
        _refuse_negative(self)
        _refuse_non_additive(self)

    @property
    def size(self) -> int:
        """How many cells."""
        return len(self.values)

    @cached_property
    def by_cell(self) -> sparse.csc_array:
        """The equations by columns."""
        return sparse.csc_array(self.equations)

    @cached_property
    def component(self) -> Integers:
        """The number of the block of equations a cell belongs to."""
        links = abs(self.equations.T) @ abs(self.equations)
        return np.asarray(sparse.csgraph.connected_components(links, directed=False)[1], dtype=np.int64)

    @cached_property
    def members(self) -> tuple[Integers, ...]:
        """The cells of each group."""
        order = np.argsort(self.group, kind="stable")
        ends = np.flatnonzero(np.diff(self.group[order])) + 1
        by_group = np.split(order, ends)
        empty = np.zeros(0, dtype=np.int64)
        found = {int(self.group[cells[0]]): cells for cells in by_group if len(cells)}
        return tuple(found.get(number, empty) for number in range(int(self.group.max(initial=-1)) + 1))


def plain_system(
    values: Integers, equations: sparse.csr_array, needs: Needs, contributors: Contributors | None = None
) -> System:
    """A system in which every cell costs one, none is locked or kept, and none shares its status."""
    size = len(values)
    nowhere = np.zeros(size, dtype=bool)
    return System(
        values=values,
        equations=equations,
        needs=needs,
        weights=np.ones(size),
        locked=nowhere,
        kept=nowhere,
        group=np.arange(size),
        contributors=contributors or Contributors.none(),
    )


def _refuse_negative(system: System) -> None:
    below = np.flatnonzero(system.values < 0)
    if len(below):
        raise DisclosureError(
            "PRO-001",
            found=f"{len(below)} negative cells",
            expected="values of zero and more",
            where=f"cell {below[0]} of the system",
            remedy="Protect gains and losses as two measures; negatives cannot be added up safely.",
        )


def _refuse_non_additive(system: System) -> None:
    off = system.equations @ system.values
    wrong = np.flatnonzero(off)
    if len(wrong):
        row = system.equations[[wrong[0]], :].tocoo()
        raise DisclosureError(
            "PRO-002",
            found=f"{len(wrong)} equations, the first off by {int(off[wrong[0]])}",
            expected="parts that add up to their total, to the unit",
            where=f"cells {', '.join(map(str, row.coords[1][:8].tolist()))} of the system",
            remedy="Correct the cells; nothing is repaired silently.",
        )
