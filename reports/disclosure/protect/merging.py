"""Cells that are equal by an equation (the only child of a parent) are one cell to any attacker: made one
here.

The smaller system is what is searched; ``Merged.spread`` carries its flows back to the cells as given.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from reports.disclosure.protect.knowledge import Flow
from reports.disclosure.protect.system import Contributors, Flags, Integers, Needs, System


@dataclass(frozen=True)
class Merged:
    """The system of classes of equal cells, and the class of every cell."""

    system: System
    class_of: Integers

    def spread(self, flow: Flow) -> Flow:
        """A flow of classes as a flow of the cells in them."""
        first, members = self._members
        begin, count = first[flow.cells], first[flow.cells + 1] - first[flow.cells]
        place = np.repeat(begin - np.concatenate(([0], np.cumsum(count)[:-1])), count) + np.arange(
            count.sum()
        )
        cells, deltas = members[place], np.repeat(flow.deltas, count)
        order = np.argsort(cells)
        return Flow(cells[order], deltas[order])

    @cached_property
    def _members(self) -> tuple[Integers, Integers]:
        """Where the cells of each class begin, and the cells in the order of their classes."""
        count = np.bincount(self.class_of, minlength=self.system.size)
        first = np.concatenate(([0], np.cumsum(count))).astype(np.int64)
        return first, np.argsort(self.class_of, kind="stable")

    def spread_flags(self, flags: Flags) -> Flags:
        """A mark of classes as a mark of the cells in them."""
        return np.asarray(flags[self.class_of])


def merged(system: System) -> Merged:
    """The system with equal cells made one: the strictest need, the sum of weights, the status of any member.

    A class is locked when all of its cells are, and kept when one is. Cells of a class come to share one
    group.
    """
    class_of = _classes(system)
    count = int(class_of.max(initial=-1)) + 1
    first = np.zeros(count, dtype=np.int64)
    first[class_of[::-1]] = np.arange(system.size)[::-1]
    shown = ~system.locked
    small = System(
        values=system.values[first],
        equations=_equations(system, class_of, count),
        needs=Needs(_largest(system.needs.up, class_of, count), _largest(system.needs.down, class_of, count)),
        weights=np.bincount(class_of, weights=system.weights * shown, minlength=count).astype(np.float64),
        locked=np.bincount(class_of, weights=shown, minlength=count) == 0,
        kept=np.bincount(class_of, weights=system.kept, minlength=count) > 0,
        group=_groups(system, class_of),
        contributors=_contributors(system, class_of),
    )
    return Merged(small, class_of)


def _classes(system: System) -> Integers:
    """The class of every cell, numbered by first member; two cells alone in an equation are equal."""
    lengths = np.diff(system.equations.indptr)
    pairs = system.equations[np.flatnonzero(lengths == 2)]
    ends = pairs.indices.reshape(-1, 2)
    opposite = pairs.data.reshape(-1, 2).sum(axis=1) == 0
    one, other = ends[opposite].T if len(ends) else (np.zeros(0, int), np.zeros(0, int))
    links = sparse.coo_array((np.ones(len(one)), (one, other)), shape=(system.size, system.size))
    labels = sparse.csgraph.connected_components(links, directed=False)[1]
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse], dtype=np.int64)


def _largest(needs: Integers, class_of: Integers, count: int) -> Integers:
    found = np.zeros(count, dtype=np.int64)
    np.maximum.at(found, class_of, needs)
    return found


def _equations(system: System, class_of: Integers, count: int) -> sparse.csr_array:
    joining = sparse.csr_array(
        (np.ones(system.size, dtype=np.int64), (np.arange(system.size), class_of)), shape=(system.size, count)
    )
    reduced = sparse.csr_array(system.equations @ joining)
    reduced.eliminate_zeros()
    reduced.sort_indices()
    distinct: dict[tuple[bytes, bytes], int] = {}
    for row in np.flatnonzero(np.diff(reduced.indptr)):
        part = slice(reduced.indptr[row], reduced.indptr[row + 1])
        distinct.setdefault((reduced.indices[part].tobytes(), reduced.data[part].tobytes()), int(row))
    return sparse.csr_array(reduced[sorted(distinct.values())])


def _groups(system: System, class_of: Integers) -> Integers:
    """Groups joined wherever a class has cells of several."""
    count = int(class_of.max(initial=-1)) + 1
    width = int(system.group.max(initial=-1)) + 1
    links = sparse.coo_array(
        (np.ones(system.size), (class_of, count + system.group)), shape=(count + width, count + width)
    )
    labels = sparse.csgraph.connected_components(links, directed=False)[1][:count]
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)


def _contributors(system: System, class_of: Integers) -> Contributors:
    """The parts behind each class: those of the cell with the fewest firms, where they differ."""
    parts = system.contributors
    count = np.bincount(parts.cell, minlength=system.size)
    some = np.flatnonzero(count)
    order = some[np.lexsort((some, count[some], class_of[some]))]
    _, first = np.unique(class_of[order], return_index=True)
    speaks = np.zeros(system.size, dtype=bool)
    speaks[order[first]] = True
    kept = speaks[parts.cell]
    return Contributors(class_of[parts.cell[kept]], parts.firm[kept], parts.units[kept], parts.names)
