"""What a firm could say of a hidden cell before anything was published: a publication does not give that
away.

A firm may know that it is alone in a cell, from its market, or may not. Where that knowledge alone already
bounds another cell (nobody else is in a group, so nobody else is in any part of it), hiding cannot open what
was never closed by us. What must still stay open then, and for a firm that is sure of what, is said here; how
it is kept open is ``search``'s. The reasons are in docs/decisions/0035.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from scipy import optimize, sparse

from reports.disclosure.protect.knowledge import Flow, Knowledge
from reports.disclosure.protect.system import Flags, Floats, Integers, System

_NEGLIGIBLE = 1e-6


@dataclass(frozen=True)
class Supposed:
    """A firm that is not sure to be alone in the ``unsure`` cells, and how far a target must rise for it."""

    unsure: frozenset[int]
    reach: int


class Beforehand:
    """The system as it looks to a firm that has seen nothing published."""

    def __init__(self, system: System, knowledge: Knowledge) -> None:
        self._system, self._knowledge = system, knowledge

    def supposed(self, target: int, need: int, firm: int) -> tuple[Supposed, ...]:
        """What must hold against a firm that may have known the target beforehand; none where no firm could.

        Sure of everything, of nothing that closes the target, and of each such cell alone: for each of them a
        publication must leave the target as open as it was, if that is less than the need.
        """
        alone = frozenset(np.flatnonzero(self._knowledge.sole == firm).tolist())
        if self._reach(target, need, firm, alone) >= need:
            return ()
        closing = self._closing(target, need, firm, alone)
        doubts = {frozenset[int](), closing, *(closing - {cell} for cell in closing)}
        cases = (Supposed(d, self._reach(target, need, firm, alone - d)) for d in sorted(doubts, key=sorted))
        return tuple(case for case in cases if case.reach > 0 or not case.unsure)

    def _closing(self, target: int, need: int, firm: int, alone: frozenset[int]) -> frozenset[int]:
        """The cells each of which would do to bound the target; all of them where it takes several."""
        moved = self._furthest(target, need, firm, ())
        needed = (cell for cell in sorted(alone) if abs(moved[cell]) > _NEGLIGIBLE)
        found = frozenset(cell for cell in needed if self._reach(target, need, firm, (cell,)) < need)
        return found if self._reach(target, need, firm, alone - found) >= need else alone

    def _reach(self, target: int, need: int, firm: int, sure: Collection[int]) -> int:
        """By how much the target may rise, up to the need, for a firm that is sure of some cells."""
        return int(self._furthest(target, need, firm, sure)[target] * need + _NEGLIGIBLE)

    def _furthest(self, target: int, need: int, firm: int, sure: Collection[int]) -> Floats:
        """The move that raises the target most with nothing published, in multiples of the need."""
        system = self._system
        inside = np.flatnonzero(system.component == system.component[target])
        room = (system.values - self._knowledge.parts_of(firm)) / need
        low, high = -room, np.full(system.size, np.inf)
        low[list(sure)] = high[list(sure)] = 0.0
        high[target] = min(high[target], 1.0)
        rows = system.equations[:, inside]
        rows = rows[np.flatnonzero(abs(rows).sum(axis=1))]
        moved = np.zeros(system.size)
        moved[inside] = _solved(sparse.csc_array(rows), low[inside], high[inside], inside == target)
        return moved


def _solved(rows: sparse.csc_array, low: Floats, high: Floats, target: Flags) -> Floats:
    done = optimize.linprog(  # type: ignore[call-overload]  # the stubs know no sparse matrices
        -target.astype(np.float64),
        A_eq=rows if rows.shape[0] else None,
        b_eq=np.zeros(rows.shape[0]) if rows.shape[0] else None,
        bounds=np.column_stack((np.minimum(low, 0.0), high)),
        method="highs-ds",
    )
    # Without an answer the firm is taken to have known nothing: that is the stricter side.
    return np.asarray(done.x if done.status == 0 else target, dtype=np.float64)


def unmet(
    cases: Collection[Supposed], flows: Collection[Flow], target: int, own: tuple[Integers, Flags]
) -> Iterator[Supposed]:
    """The cases that no flow convinces. ``own``: how far each cell may fall for the firm, and where it is
    alone."""
    room, alone = own
    for case in cases:
        sure = alone.copy()
        sure[list(case.unsure)] = False
        if case.reach > 0 and not any(_convinces(flow, case.reach, target, (room, sure)) for flow in flows):
            yield case


def _convinces(flow: Flow, reach: int, target: int, known: tuple[Integers, Flags]) -> bool:
    room, sure = known
    return bool(
        flow.of(target) >= reach and (flow.deltas >= -room[flow.cells]).all() and not sure[flow.cells].any()
    )
