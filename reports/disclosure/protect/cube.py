"""A cube: one table with all its totals, its cells on a grid of codes, and the moves of each hierarchy.

A move of a hierarchy changes some of its codes so that every code still is the sum of its parts: along a path
from one leaf to another (one side rises, the other falls) or from a leaf to the top (all rise). What is built
from moves is ``circuits``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from reports.disclosure.protect.system import Floats, Integers
from reports.disclosure.protect.tables import TOTAL, Hierarchy

DIMENSIONS = 4
"""Dimensions that a cube may have; fewer are filled up with one of a single code."""

MOST_MOVES = 600
"""Moves kept of one code, the shortest first, a drawn sample of the longest."""

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


def cube_of(
    dimensions: Sequence[str], cells: Mapping[tuple[str, ...], int], hierarchies: Mapping[str, Hierarchy]
) -> Cube | None:
    """The cube of a table whose ``cells`` are given with their numbers; None if it has too many dimensions.

    Several codes may carry the same number (cells that are equal); the last one speaks for it.
    """
    if len(dimensions) > DIMENSIONS:
        return None
    trees = [
        _Tree.of(hierarchies[name], {nodes[axis] for nodes in cells}) for axis, name in enumerate(dimensions)
    ]
    trees += [_Tree(("",), (-1,))] * (DIMENSIONS - len(dimensions))
    stride = np.cumprod([1, *(len(tree.codes) for tree in reversed(trees))], dtype=np.int64)[-2::-1]
    number = [{code: place for place, code in enumerate(tree.codes)} for tree in trees]
    padded = DIMENSIONS - len(dimensions)
    grid = np.full(int(np.prod([len(tree.codes) for tree in trees])), -1, dtype=np.int64)
    size = max(cells.values()) + 1
    place, codes = np.full(size, -1, dtype=np.int64), np.zeros((size, DIMENSIONS), dtype=np.int64)
    for nodes, cell in cells.items():
        at = [number[axis][node] for axis, node in enumerate(nodes)] + [0] * padded
        codes[cell], place[cell] = at, np.dot(at, stride)
        grid[place[cell]] = cell
    relatives = [
        [tree.relatives(code) * step for code in range(len(tree.codes))]
        for tree, step in zip(trees, stride.tolist(), strict=True)
    ]
    return Cube(grid, place, codes, _flat(trees, stride), relatives)


@dataclass(frozen=True)
class _Tree:
    """A hierarchy by numbers: its codes, and of each the number of its parent (−1 for the top)."""

    codes: tuple[str, ...]
    parent: tuple[int, ...]

    @classmethod
    def of(cls, hierarchy: Hierarchy, met: set[str]) -> _Tree:
        """The part of a hierarchy that a table has."""
        codes = tuple(sorted(met))
        number = {code: place for place, code in enumerate(codes)}
        return cls(codes, tuple(-1 if c == TOTAL else number.get(hierarchy.parent[c], -1) for c in codes))

    def chains(self, top: int) -> Iterator[tuple[int, ...]]:
        """All paths from a code down to a leaf, both ends included."""
        below = self.children[top]
        if not below:
            yield (top,)
        for child in below:
            for chain in self.chains(child):
                yield (top, *chain)

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
                    if sibling != branch:
                        for chain in self.chains(sibling):
                            yield (*((c, 1) for c in rising), *((c, -1) for c in chain))
                rising.append(above)
                branch, above = above, self.parent[above]
            yield tuple((c, 1) for c in rising)


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
