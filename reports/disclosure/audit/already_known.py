"""Could a firm have said as much of a hidden cell with nothing published at all? Then nothing gave it away.

That a firm is alone in a cell may be known to it or not. Where that alone bounds another cell, the cell was
never ours to open; but then it must be open to the firm if it is *not* sure to be alone there. Letting
somebody off takes an argument multiplied out in whole numbers; without one, the finding stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from reports.disclosure.audit.certificates import PUBLIC, UP, Open
from reports.disclosure.audit.evidence import Block, Mask, Whole
from reports.disclosure.audit.intervals import FARTHEST, LARGEST, SLACK
from reports.disclosure.audit.modular import determined

_SCALES = (1, 2, 3, 4, 6, 12)
"""Multipliers of equations that are halves, thirds and the like become whole numbers by one of these."""


def was_known(block: Block, need: Open) -> bool:
    """Whether what a firm can say of a cell is no more than it could before, sure of its market or not."""
    width = int(block.need_up[need.target])
    if need.direction != UP or need.attacker == PUBLIC or width < 1:
        return False
    firm = _Firm(block, need.target, need.attacker, width)
    if firm.is_too_large or firm.bound(firm.alone) is None:
        return False
    return all(firm.stays_open(sure) for sure in firm.cases())


@dataclass(frozen=True)
class _Firm:
    """A firm and a target that has to stay open upwards by ``width`` units."""

    block: Block
    target: int
    number: int
    width: int

    @cached_property
    def alone(self) -> frozenset[int]:
        """The cells in which nobody else is."""
        return frozenset(np.flatnonzero(self.block.sole == self.number).tolist())

    @cached_property
    def cells(self) -> Whole:
        """The cells that equations link with the target when nothing is published."""
        part = self.block.component
        return np.flatnonzero(part == part[self.target])

    @property
    def is_too_large(self) -> bool:
        """More hidden cells than linear programs are asked of."""
        return int((~self.block.is_published[self.cells]).sum()) > LARGEST

    @cached_property
    def room(self) -> Whole:
        """How far each cell can fall: never below the firm's own part of it."""
        parts, room = self.block.parts, self.block.units.copy()
        mine = parts.firm == self.number
        room[parts.cell[mine]] -= parts.units[mine]
        return room

    def cases(self) -> Iterator[frozenset[int]]:
        """What the firm may be sure of: all of it, all that does not bound the target, one such cell more."""
        bounding = frozenset(cell for cell in self._suspects() if self.bound(frozenset({cell})) is not None)
        if self.bound(self.alone - bounding) is not None:
            bounding = self.alone
        rest = self.alone - bounding
        yield from {self.alone, rest, *(rest | {cell} for cell in bounding)}

    def _suspects(self) -> list[int]:
        """Cells that move in one table in which the target is up; any other cannot bound it."""
        done = self._solved(self.cells, frozenset())
        moving = np.ones(len(self.cells), dtype=bool) if done is None else abs(done.x) > SLACK
        return sorted(self.alone.intersection(self.cells[moving].tolist()))

    def stays_open(self, sure: frozenset[int]) -> bool:
        """Whether what is published leaves the target as far open as it was, or as far as it must be."""
        bound = self.bound(sure)
        least = self.width if bound is None else bound
        if least == 0:
            return True
        hidden = self.cells[~self.block.is_published[self.cells]]
        free = hidden[~np.isin(hidden, list(sure))]
        place = np.flatnonzero(free == self.target)
        if not len(place) or determined(sparse.csr_array(self.block.equations[:, free]))[place[0]]:
            return False
        done = self._solved(hidden, sure)
        risen = 0.0 if done is None else float(done.x[hidden == self.target][0])
        return bool(risen * self.width >= least - SLACK * self.width)

    def bound(self, sure: frozenset[int]) -> int | None:
        """How far the target can rise at most with nothing published, if that is below the width and proved.

        Σ multiplier · equation turns the target's rise into falls of other cells, of which none is further
        than its room.
        """
        done = self._solved(self.cells, sure)
        if done is None or done.x[self.cells == self.target][0] >= 1.0 - SLACK:
            return None
        rows = self.block.equations[:, self.cells]
        multipliers = np.zeros(rows.shape[0])
        multipliers[self._rows(self.cells)] = done.eqlin.marginals
        proved = (self._proved(multipliers * scale, scale, sure) for scale in _SCALES)
        found = [bound for bound in proved if bound is not None and bound < self.width]
        return min(found, default=None)

    def _proved(self, multipliers: NDArray[np.float64], scale: int, sure: frozenset[int]) -> int | None:
        whole = np.rint(multipliers).astype(np.int64)
        weight = whole @ self.block.equations[:, self.cells] + scale * (self.cells == self.target)
        open_to_it = ~np.isin(self.cells, list(sure))
        if (weight[open_to_it] > 0).any():
            return None
        falls = (-weight[open_to_it]).astype(object) @ self.room[self.cells][open_to_it].astype(object)
        return int(falls) // scale

    def _rows(self, cells: Whole) -> Whole:
        return np.flatnonzero(abs(self.block.equations[:, cells]).sum(axis=1))

    def _solved(self, cells: Whole, sure: frozenset[int]) -> optimize.OptimizeResult | None:
        """The furthest rise of the target when only ``cells`` move, in multiples of the width."""
        rows = self.block.equations[:, cells][self._rows(cells)]
        low = -np.minimum(self.room[cells] / self.width, FARTHEST)
        high = np.full(len(cells), np.inf)
        known: Mask = np.isin(cells, list(sure))
        low[known] = high[known] = 0.0
        is_target = cells == self.target
        high[is_target] = np.minimum(high[is_target], 1.0)
        done = optimize.linprog(  # type: ignore[call-overload]  # the stubs know no sparse matrices
            -is_target.astype(np.float64),
            A_eq=sparse.csc_array(rows) if rows.shape[0] else None,
            b_eq=np.zeros(rows.shape[0]) if rows.shape[0] else None,
            bounds=np.column_stack((np.minimum(low, 0.0), high)),
            method="highs",
            options={"primal_feasibility_tolerance": 1e-9, "dual_feasibility_tolerance": 1e-9},
        )
        return done if done.status == 0 else None
