"""Alternative tables by linear programs: move one hidden cell far enough, hide as little more as possible.

The program works in multiples of the need (so that a cent beside a billion stays visible); what it finds is
made exact in whole units or thrown away. Which target is moved next is ``search``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

import highspy
import numpy as np
from scipy import optimize, sparse

from reports.disclosure.protect.knowledge import Flow
from reports.disclosure.protect.system import Flags, Floats, Integers, System

FARTHEST = 16.0
"""No cell of a program moves by more than so many needs: far moves are never the cheap ones, and hurt
precision.
"""

NEGLIGIBLE = 1e-7
_DENOMINATORS = (1, 2, 3, 4, 6, 12)
_SMALL = 1_000
"""Needs up to so many units are people: few enough for a program in whole numbers."""
_DENSE = 100_000
"""Entries up to which a correction is solved densely."""
_NODES = 1_000
"""How many branches such a program may look at (a number, not a time: every machine finds the same)."""


@dataclass(frozen=True)
class Move:
    """What is asked of a flow: ``target`` moves by ``need`` in direction ``sign``; no cell falls by more than
    its ``room``, and those that are ``fixed`` do not move. ``cost`` is per unit of need moved; infinite:
    never.
    """

    target: int
    sign: int
    need: int
    room: Integers
    fixed: Flags
    cost: Floats


class FlowProgram:
    """The linear program of one block of cells, kept warm from target to target."""

    def __init__(self, system: System, cells: Integers) -> None:
        self.cells = cells
        self._place = np.full(system.size, -1, dtype=np.int64)
        self._place[cells] = np.arange(len(cells))
        # Cells outside the block stand still, so the rows they share with it bind what is inside alone.
        columns = system.by_cell[:, cells]
        self.matrix = sparse.csr_array(columns)[np.unique(columns.indices)].astype(np.int64)
        self._solver = _program(self.matrix)

    def move(self, asked: Move) -> Flow | None:
        """The cheapest flow that does what is asked, exact in whole units; None when there is none."""
        count = len(self.cells)
        target = int(self._place[asked.target])
        room = np.minimum(asked.room[self.cells] / asked.need, FARTHEST)
        cost = asked.cost[self.cells]
        still = asked.fixed[self.cells] | ~np.isfinite(cost)
        up, down = np.where(still, 0.0, FARTHEST), np.where(still, 0.0, np.maximum(room, 0.0))
        low = np.zeros(2 * count)
        rises, falls = target, count + target
        moving, resting = (rises, falls) if asked.sign > 0 else (falls, rises)
        high = np.concatenate((up, down))
        if asked.sign < 0 and asked.need > asked.room[asked.target]:
            return None
        low[moving] = high[moving] = 1.0
        high[resting] = 0.0
        costs = np.where(np.isfinite(cost), cost, 0.0)
        both = np.concatenate((costs, costs))
        found = self._solve(both, low, high)
        if found is None:
            return None
        high[moving] = FARTHEST if asked.sign > 0 else room[target]
        return self._exact(found, asked) or self._whole(both, low, high, asked)

    def _whole(self, cost: Floats, low: Floats, high: Floats, asked: Move) -> Flow | None:
        """The flow of the program in whole units from the start, where no multiple of the found one is; the
        target may move further than it needs.
        """
        if asked.need > _SMALL:
            return None
        solved = optimize.milp(
            cost,
            integrality=np.ones(len(cost), dtype=np.int64),
            bounds=optimize.Bounds(np.ceil(low * asked.need), np.floor(high * asked.need + NEGLIGIBLE)),
            constraints=optimize.LinearConstraint(sparse.hstack([self.matrix, -self.matrix]), 0, 0),
            options={"node_limit": _NODES},
        )
        if solved.x is None:
            return None
        deltas = np.rint(solved.x[: len(self.cells)] - solved.x[len(self.cells) :]).astype(np.int64)
        moves = np.flatnonzero(deltas)
        flow = Flow(moves, deltas[moves])
        is_exact = not (self.matrix @ deltas).any() and _keeps(flow, self.cells, asked)
        return Flow(self.cells[moves], flow.deltas) if is_exact else None

    def _solve(self, cost: Floats, low: Floats, high: Floats) -> Floats | None:
        columns = np.arange(len(cost), dtype=np.int32)
        self._solver.changeColsCost(len(cost), columns, cost)
        self._solver.changeColsBounds(len(cost), columns, low, high)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = np.asarray(self._solver.getSolution().col_value)
        half = len(cost) // 2
        return np.asarray(values[:half] - values[half:])

    def _exact(self, moved: Floats, asked: Move) -> Flow | None:
        for factor in _DENOMINATORS:
            flow = whole_flow(self.matrix, moved * factor, asked.need)
            if flow is not None and _keeps(flow, self.cells, asked):
                return Flow(self.cells[flow.cells], flow.deltas)
        return None


def whole_flow(matrix: sparse.csr_array, moved: Floats, need: int) -> Flow | None:
    """The flow in whole units nearest to ``moved`` (in multiples of ``need``) on the same cells; None: no
    such.
    """
    support = np.flatnonzero(np.abs(moved) > NEGLIGIBLE)
    deltas = np.rint(moved[support] * need).astype(np.int64)
    columns = sparse.csc_array(matrix[:, support])
    rows = np.unique(columns.tocoo().coords[0])
    part = columns.tocsr()[rows].toarray()
    for _ in range(4):
        off = part @ deltas
        if not off.any():
            kept = deltas != 0
            return Flow(support[kept], deltas[kept])
        deltas = deltas - np.rint(_least(part.astype(float), off.astype(float))).astype(np.int64)
    return None


def _least(part: Floats, off: Floats) -> Floats:
    """The least change of the cells that takes ``off`` away; of a large part by iteration."""
    if part.size <= _DENSE:
        return np.asarray(np.linalg.lstsq(part, off)[0])
    return np.asarray(sparse.linalg.lsqr(sparse.csr_array(part), off, atol=1e-12, btol=1e-12)[0])


def primitive(flow: Flow) -> Flow:
    """The shortest whole move in the same direction."""
    divisor = gcd(*flow.deltas.tolist())
    return Flow(flow.cells, flow.deltas // divisor)


def _keeps(flow: Flow, cells: Integers, asked: Move) -> bool:
    where = cells[flow.cells]
    moved = flow.deltas[where == asked.target]
    is_far = len(moved) == 1 and int(moved[0]) * asked.sign >= asked.need
    return bool(is_far and (flow.deltas >= -asked.room[where]).all() and not asked.fixed[where].any())


def _program(matrix: sparse.csr_array) -> highspy.Highs:
    rows, count = matrix.shape
    both = sparse.csc_array(sparse.hstack([matrix, -matrix]))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = 2 * count, rows
    program.col_cost_ = np.zeros(2 * count)
    program.col_lower_ = np.zeros(2 * count)
    program.col_upper_ = np.zeros(2 * count)
    program.row_lower_ = program.row_upper_ = np.zeros(rows)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = both.indptr.astype(np.int32)
    program.a_matrix_.index_ = both.indices.astype(np.int32)
    program.a_matrix_.value_ = both.data.astype(float)
    return quiet(program)


class _Silent(highspy.Highs):
    """A solver that does not introduce itself: the first prints its version when its callbacks are set."""

    def enableCallbacks(self) -> None:
        """Silence first."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def quiet(program: highspy.HighsLp) -> highspy.Highs:
    """A solver that says nothing, uses one thread and always does the same."""
    solver: highspy.Highs = _Silent()  # type: ignore[no-untyped-call]
    solver.setOptionValue("log_to_console", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("solver", "simplex")
    solver.setOptionValue("presolve", "off")
    solver.passModel(program)
    return solver


def blocks(system: System) -> Sequence[Integers]:
    """The cells of each block of equations."""
    order = np.argsort(system.component, kind="stable")
    ends = np.flatnonzero(np.diff(system.component[order])) + 1
    return np.split(order, ends)
