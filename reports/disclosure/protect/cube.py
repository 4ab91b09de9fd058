"""A cube: tables with all their totals, their cells on a grid of codes, and the moves of each axis.

An axis is a dimension, or several that stand for each other in linked tables: hierarchies with the same top.
A move of an axis changes some of its codes so that every code still is the sum of its parts: along a path
from one leaf to another (one side rises, the other falls) or from a leaf of every hierarchy to the top (all
rise). What is built from moves is ``circuits``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from reports.disclosure.protect.system import Floats, Integers
from reports.disclosure.protect.tables import TOTAL, Hierarchy

DIMENSIONS = 4
"""Dimensions that a cube may have; fewer are filled up with one of a single code."""

MOST_MOVES = 600
"""Moves kept of one code, the shortest first, a drawn sample of the longest."""

_MOST_COMBINED = 4 * MOST_MOVES

Move = tuple[tuple[int, int], ...]
"""Codes by number with the sign of their change; first the code that the move is of, rising."""


class Moves(NamedTuple):
    """The moves of all codes of all dimensions as flat arrays, for compiled code.

    Code x of dimension d is row ``base[d] + x``; it has the moves ``first[row]`` up to ``first[row + 1]``,
    each of the steps ``start[move]`` up to ``start[move + 1]``: how far on the grid from x, and the sign. The
    step of x itself is left out.
    """

    base: Integers
    first: Integers
    start: Integers
    offset: Integers
    sign: Integers


@dataclass(frozen=True)
class Cube:
    """The grid (cell by place, −1 where there is none), the place and codes of every cell, the moves.

    ``relatives``: of each dimension and code the places (along it) of itself, its parent, siblings and parts.
    """

    grid: Integers
    place: Integers
    codes: Integers
    moves: Moves
    relatives: Sequence[Sequence[Integers]]

    def near(self, cell: int) -> Integers:
        """The cells whose codes are relatives of the cell's in every dimension."""
        places = np.zeros(1, dtype=np.int64)
        for axis, code in enumerate(self.codes[cell].tolist()):
            places = np.add.outer(places, self.relatives[axis][code]).ravel()
        found = self.grid[places]
        return np.unique(found[found >= 0])


Cells = Mapping[tuple[str, ...], int]
"""Of a table's cells, by their codes, the numbers."""


def cube_of(dimensions: Sequence[str], cells: Cells, hierarchies: Mapping[str, Hierarchy]) -> Cube | None:
    """The cube of one table, as ``linked_cube``."""
    return linked_cube([(dimensions, cells)], hierarchies)


def linked_cube(
    tables: Sequence[tuple[Sequence[str], Cells]], hierarchies: Mapping[str, Hierarchy]
) -> Cube | None:
    """The cube of linked tables (dimensions and ``cells`` of each) that are all combinations of some axes.

    None if they are not, or if there are too many axes. Several codes may carry the same number (cells that
    are equal); the last one speaks for it.
    """
    axes = axes_of([dimensions for dimensions, _ in tables])
    if axes is None or len(axes) > DIMENSIONS:
        return None
    met: dict[str, set[str]] = {}
    for dimensions, cells in tables:
        for axis, name in enumerate(dimensions):
            met.setdefault(name, set()).update(nodes[axis] for nodes in cells)
    trees = [_Tree.of([hierarchies[name] for name in axis], met) for axis in axes]
    trees += [_Tree(("",), (-1,), (0,))] * (DIMENSIONS - len(axes))
    stride = np.cumprod([1, *(len(tree.codes) for tree in reversed(trees))], dtype=np.int64)[-2::-1]
    number = [{code: place for place, code in enumerate(tree.codes)} for tree in trees]
    grid = np.full(int(np.prod([len(tree.codes) for tree in trees])), -1, dtype=np.int64)
    size = max(max(cells.values()) for _, cells in tables) + 1
    place, codes = np.full(size, -1, dtype=np.int64), np.zeros((size, DIMENSIONS), dtype=np.int64)
    for dimensions, cells in tables:
        along = [next(n for n, axis in enumerate(axes) if name in axis) for name in dimensions]
        for nodes, cell in cells.items():
            at = [0] * DIMENSIONS
            for axis, name, node in zip(along, dimensions, nodes, strict=True):
                at[axis] = number[axis][_code(name, node, axes[axis])]
            codes[cell], place[cell] = at, np.dot(at, stride)
            grid[place[cell]] = cell
    relatives = [
        [tree.relatives(code) * step for code in range(len(tree.codes))]
        for tree, step in zip(trees, stride.tolist(), strict=True)
    ]
    return Cube(grid, place, codes, _flat(trees, stride), relatives)


def axes_of(tables: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...] | None:
    """Groups of dimensions of which the tables are all combinations, one dimension from each; None if there
    are none.

    Dimensions that never stand in one table are of one group.
    """
    beside = {name: {n for t in tables if name in t for n in t} for table in tables for name in table}
    axes: list[list[str]] = []
    for name, met in beside.items():
        own = next((axis for axis in axes if met.isdisjoint(axis)), None)
        if own is None:
            axes.append([name])
        else:
            own.append(name)
    combined = {frozenset(names) for names in product(*axes)}
    is_crossed = combined == {frozenset(table) for table in tables}
    return tuple(tuple(axis) for axis in axes) if is_crossed else None


def _code(dimension: str, node: str, axis: Sequence[str]) -> str:
    """The name of a code on its axis: several dimensions share the top."""
    return node if len(axis) == 1 or node == TOTAL else f"{dimension}\0{node}"


@dataclass(frozen=True)
class _Tree:
    """Hierarchies with one top, by numbers: the codes, of each the number of its parent (−1 for the top) and
    of its hierarchy.
    """

    codes: tuple[str, ...]
    parent: tuple[int, ...]
    hierarchy: tuple[int, ...]

    @classmethod
    def of(cls, hierarchies: Sequence[Hierarchy], met: Mapping[str, set[str]]) -> _Tree:
        """The parts of hierarchies that tables have."""
        axis = [one.dimension for one in hierarchies]
        known = {
            _code(one.dimension, node, axis): (place, one, node)
            for place, one in enumerate(hierarchies)
            for node in met[one.dimension]
        }
        codes = tuple(sorted(known))
        number = {code: place for place, code in enumerate(codes)}
        parents = [
            -1 if node == TOTAL else number.get(_code(one.dimension, one.parent[node], axis), -1)
            for _, one, node in (known[code] for code in codes)
        ]
        return cls(codes, tuple(parents), tuple(known[code][0] for code in codes))

    def chains(self, top: int, but: int = -1) -> Iterator[tuple[int, ...]]:
        """All ways down from a code, it included, to a leaf of every hierarchy below it (but one)."""
        below: dict[int, list[int]] = {}
        for child in self.children[top]:
            if self.hierarchy[child] != but:
                below.setdefault(self.hierarchy[child], []).append(child)
        ways = [[chain for child in own for chain in self.chains(child)] for own in below.values()]
        for chains in _combined(ways):
            yield (top, *(code for chain in chains for code in chain))

    @cached_property
    def children(self) -> Mapping[int, list[int]]:
        """The numbers directly below each number."""
        found: dict[int, list[int]] = {number: [] for number in range(len(self.codes))}
        for child, above in enumerate(self.parent):
            if above >= 0:
                found[above].append(child)
        return found

    def relatives(self, code: int) -> Integers:
        """A code, its parent, the parent's parts, and its own parts."""
        above = self.parent[code]
        around = [code] if above < 0 else [above, *self.children[above]]
        return np.array(sorted({*around, *self.children[code]}), dtype=np.int64)

    def moves(self, code: int) -> Iterator[Move]:
        """Every move of one code: itself, down to a leaf, up to an ancestor, and down another branch."""
        for down in self.chains(code):
            rising = list(down)
            branch, above = code, self.parent[code]
            while above >= 0:
                for sibling in self.children[above]:
                    if sibling != branch and self.hierarchy[sibling] == self.hierarchy[branch]:
                        for chain in self.chains(sibling):
                            yield (*((c, 1) for c in rising), *((c, -1) for c in chain))
                if self.parent[above] >= 0:
                    rising.append(above)
                branch, above = above, self.parent[above]
            # At the top all hierarchies must tell the same.
            tops = [()] if branch == code else self.chains(branch, but=self.hierarchy[code])
            for top in tops:
                yield (*((c, 1) for c in rising), *((c, 1) for c in top))


def _combined(ways: Sequence[Sequence[tuple[int, ...]]]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """One chain of each hierarchy, in every way, or in ways that are drawn where there are very many."""
    if prod(len(chains) for chains in ways) <= _MOST_COMBINED or len(ways) < 2:
        yield from product(*ways)
        return
    random = np.random.default_rng(0)
    for drawn in zip(*(random.integers(0, len(chains), _MOST_COMBINED) for chains in ways), strict=True):
        yield tuple(chains[place] for chains, place in zip(ways, drawn, strict=True))


def _flat(trees: Sequence[_Tree], stride: Integers) -> Moves:
    base = np.cumsum([0, *(len(tree.codes) for tree in trees)], dtype=np.int64)[:-1]
    first, start, offset, sign = [0], [0], list[int](), list[int]()
    random = np.random.default_rng(0)
    for tree, step in zip(trees, stride.tolist(), strict=True):
        for code in range(len(tree.codes)):
            for move in _kept(sorted(tree.moves(code), key=len), random):
                offset += [(other - code) * step for other, _ in move[1:]]
                sign += [way for _, way in move[1:]]
                start.append(len(offset))
            first.append(len(start) - 1)
    return Moves(base, *(np.array(listed, dtype=np.int64) for listed in (first, start, offset, sign)))


def _kept(moves: list[Move], random: np.random.Generator) -> list[Move]:
    if len(moves) <= MOST_MOVES:
        return moves
    whole = MOST_MOVES // 2
    drawn = random.choice(len(moves) - whole, MOST_MOVES - whole, replace=False) + whole
    return moves[:whole] + [moves[place] for place in sorted(drawn.tolist())]


def prices(cube: Cube, weights: Floats) -> Floats:
    """What hiding costs at each place: equal cells share the weight, since a circuit holds all of them."""
    count = np.bincount(cube.grid[cube.grid >= 0], minlength=len(weights))
    return np.asarray(weights / np.maximum(count, 1))
