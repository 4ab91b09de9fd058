"""How far can a hidden cell move, by linear programs: for the needs that no alternative table covers.

Every program is stated in multiples of the need, so that a cent beside a billion stays visible, and no move
of more than ``FARTHEST`` needs is counted. Floating point decides here, to one part in a million; that is why
it is asked only after the exact tests, and only of systems of at most ``LARGEST`` hidden cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from reports.disclosure.audit.certificates import PUBLIC, UP, Open
from reports.disclosure.audit.evidence import NO_FIRM, Block, Mask, Whole, linked

Floats = NDArray[np.float64]

LARGEST = 4_000
FARTHEST = 1e4
SLACK = 1e-6


@dataclass(frozen=True)
class Judged:
    """Needs found unmet, and needs that the system is too large to decide."""

    exposed: tuple[Open, ...]
    undecided: tuple[Open, ...]


def judge(block: Block, open_needs: Sequence[Open]) -> Judged:
    """Which of the open needs are really unmet."""
    hidden = np.flatnonzero(~block.is_published)
    if not open_needs:
        return Judged((), ())
    # Published cells link nothing: they stand still.
    component = linked(block.equations[:, hidden])
    exposed: list[Open] = []
    undecided: list[Open] = []
    for number in np.unique(component):
        cells = hidden[component == number]
        inside = set(cells.tolist())
        asked = [need for need in open_needs if need.target in inside]
        if asked and len(cells) > LARGEST:
            undecided += asked
        elif asked:
            exposed += _unmet(block, cells, asked)
    return Judged(tuple(sorted(exposed)), tuple(sorted(undecided)))


def _unmet(block: Block, cells: Whole, asked: Sequence[Open]) -> Iterator[Open]:
    program = _Program(block, cells)
    by_firm = {need for need in asked if need.attacker != PUBLIC}
    left = [need for need in asked if need.attacker == PUBLIC]
    while left:
        need = left.pop(0)
        moved = program.furthest(need)
        if moved is None:
            yield need
            continue
        met = [need, *(other for other in left if program.reaches(moved, other))]
        left = [other for other in left if other not in met]
        by_firm |= {doubt for one in met for doubt in program.doubts(moved, one)}
    yield from (need for need in sorted(by_firm) if program.furthest(need) is None)


class _Program:
    """Moves of the hidden cells of one component."""

    def __init__(self, block: Block, cells: Whole) -> None:
        self._block, self._cells = block, cells
        self._place = {int(cell): number for number, cell in enumerate(cells)}
        rows = block.equations[:, cells]
        rows = rows[np.flatnonzero(abs(rows).sum(axis=1))]
        self._rows = sparse.csc_array(rows)

    def furthest(self, need: Open) -> Floats | None:
        """A move of all cells, in units, under which the need is met; None when there is none."""
        block, target = self._block, self._place[need.target]
        floor, fixed = self._known(need.attacker)
        width = _width(block, need)
        low = -np.minimum((block.units[self._cells] - floor) / width, FARTHEST)
        high = np.full(len(low), FARTHEST)
        low[fixed] = high[fixed] = 0.0
        cost = np.zeros(len(low))
        cost[target] = -float(need.direction)
        low[target], high[target] = max(low[target], -1.0), min(high[target], 1.0)
        moved = self._solve(cost, low, high)
        far = 0.0 if moved is None else moved[target] * need.direction
        return None if moved is None or far < 1.0 - SLACK else moved * width

    def reaches(self, moved: Floats, need: Open) -> bool:
        """Whether a move found for another need meets this one too."""
        width = _width(self._block, need)
        return bool(moved[self._place[need.target]] * need.direction >= width * (1.0 + SLACK))

    def doubts(self, moved: Floats, need: Open) -> Iterator[Open]:
        """Against which firms a need is still open when everybody else is convinced by this move."""
        if need.direction != UP:
            return
        block, parts = self._block, self._block.parts
        move = np.zeros(block.size)
        move[self._cells] = moved
        small = SLACK * _width(block, need)
        alone = block.sole[(abs(move) > small) & (block.sole != NO_FIRM)]
        falls = (block.units + move)[parts.cell] < parts.units - small
        for firm in np.union1d(alone, parts.firm[falls]).tolist():
            if firm != block.sole[need.target]:
                yield Open(need.target, UP, int(firm))

    def _known(self, attacker: int) -> tuple[Whole, Mask]:
        """What an attacker knows of each cell: how much is in it at least, and whether that is all of it."""
        block = self._block
        own = np.zeros(block.size, dtype=np.int64)
        if attacker == PUBLIC:
            return own[self._cells], np.zeros(len(self._cells), dtype=bool)
        mine = block.parts.firm == attacker
        own[block.parts.cell[mine]] = block.parts.units[mine]
        return own[self._cells], block.sole[self._cells] == attacker

    def _solve(self, cost: Floats, low: Floats, high: Floats) -> Floats | None:
        done = optimize.linprog(  # type: ignore[call-overload]  # the stubs know no sparse matrices
            cost,
            A_eq=self._rows if self._rows.shape[0] else None,
            b_eq=np.zeros(self._rows.shape[0]) if self._rows.shape[0] else None,
            bounds=list(zip(low.tolist(), high.tolist(), strict=True)),
            method="highs",
            options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
        )
        return np.asarray(done.x, dtype=np.float64) if done.status == 0 else None


def _width(block: Block, need: Open) -> int:
    needs = block.need_up if need.direction == UP else block.need_down
    return int(needs[need.target])
