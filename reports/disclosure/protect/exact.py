"""The least pattern of a small system, and a proven bound: a mixed-integer master with cuts from the
attackers.

The master chooses what to hide; every demand it fails to meet comes back as a cut (Benders), taken from the
dual of the attacker's program. Systems of more than about 1,500 cells are left to ``search``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from reports.disclosure.protect.finding import ProgramFinder
from reports.disclosure.protect.flows import quiet
from reports.disclosure.protect.search import UP, Pattern, Search
from reports.disclosure.protect.system import Flags, Floats, Integers, System

LARGEST = 1600
"""Systems of more cells are not worth an attempt (measured on linked tables of business statistics)."""

_MET, _NOISE, _DEEP = 1e-6, 1e-9, 1e4


@dataclass(frozen=True)
class Cut:
    """Σ coefficient · hidden ≥ rest, over cells; what a rule hides anyway has been moved into ``rest``."""

    coefficients: Floats
    rest: float


@dataclass(frozen=True)
class Limits:
    """How long to try: rounds of cuts, and branch-and-bound nodes of each master. Never seconds."""

    rounds: int = 60
    nodes: int = 20_000


@dataclass(frozen=True)
class Exact:
    """The best pattern found, and a cost below which no pattern can protect the system."""

    pattern: Pattern
    cost: float
    bound: float

    @property
    def is_optimal(self) -> bool:
        """Whether no cheaper pattern exists."""
        return self.cost <= self.bound + _MET


def least(system: System, start: Pattern, limits: Limits, seed: int = 0) -> Exact:
    """The least pattern, beginning from ``start`` (a pattern that protects; the public is the attacker)."""
    master, best = _Master(system), start
    best_cost, bound = _cost(system, start.hidden), 0.0
    attacker = _Attacker(system)
    for _ in range(limits.rounds):
        master.offer(best.hidden)
        hidden, found = master.solve(limits.nodes)
        bound = max(bound, found)
        if bound >= best_cost - _MET:
            break
        missed = list(attacker.cuts(hidden))
        if missed:
            master.add(missed)
        repaired = _repaired(system, hidden, seed)
        if _cost(system, repaired.hidden) < best_cost - _MET and not repaired.unprotected:
            best, best_cost = repaired, _cost(system, repaired.hidden)
        if not missed:
            break
    return Exact(best, best_cost, bound)


def _cost(system: System, hidden: Flags) -> float:
    return float(system.weights[hidden & ~system.needs.is_primary & ~system.locked].sum())


def _repaired(system: System, hidden: Flags, seed: int) -> Pattern:
    """The master's proposal made whole: what it hides, and what its demands need besides, reduced."""
    search = Search(system, ProgramFinder(system), seed)
    search.hide(hidden)
    search.cover(search.demands)
    search.reduce()
    return search.pattern()


class _Attacker:
    """The demands of a system as linear programs over what a proposal hides, and the cuts of those it fails.

    For multipliers λ of the equations, s·y_t = Σ d_c y_c with d = s·1_t + λA on every alternative y. A hidden
    cell with d_c < 0 adds at most −d_c · value (it falls), one with d_c > 0 as much as one likes, a shown one
    nothing. So what a pattern needs is Σ worth_c · hidden_c ≥ 1 (in needs), whatever λ; the attacker's dual
    gives the λ that hurts most.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._demands = Search(system, ProgramFinder(system), 0).demands
        self._fixed = system.needs.is_primary | system.locked
        self._solver = quiet(_attack_program(system))

    def cuts(self, hidden: Flags) -> Iterator[Cut]:
        """One inequality for every demand that ``hidden`` fails."""
        for target, sign in self._demands:
            need = int((self._system.needs.up if sign == UP else self._system.needs.down)[target])
            worth = self._worth(target, sign, need, hidden)
            if worth is not None:
                yield _clipped(worth, self._fixed)

    def _worth(self, target: int, sign: int, need: int, hidden: Flags) -> Floats | None:
        """What hiding each cell adds to the target's move; None when the demand is met."""
        fall = self._system.values / need
        low, high = np.where(hidden, -np.minimum(fall, _DEEP), 0.0), np.where(hidden, np.inf, 0.0)
        if sign == UP:
            high[target] = 1.0
        else:
            low[target] = -1.0
        cost = np.zeros(len(fall))
        cost[target] = -float(sign)
        self._solve(low, high, cost)
        if -self._solver.getInfo().objective_function_value >= 1.0 - _MET:
            return None
        gain = -np.asarray(self._solver.getSolution().col_dual)
        gain[target] = 0.0
        return np.where(gain > _NOISE, np.inf, np.where(gain < -_NOISE, -gain * fall, 0.0))

    def _solve(self, low: Floats, high: Floats, cost: Floats) -> None:
        columns = np.arange(len(cost), dtype=np.int32)
        self._solver.changeColsBounds(len(columns), columns, low, high)
        self._solver.changeColsCost(len(columns), columns, cost)
        self._solver.run()


def _attack_program(system: System) -> highspy.HighsLp:
    rows, count = system.equations.shape
    by_column = sparse.csc_array(system.equations)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = count, rows
    program.col_cost_ = program.col_lower_ = program.col_upper_ = np.zeros(count)
    program.row_lower_ = program.row_upper_ = np.zeros(rows)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = by_column.indptr.astype(np.int32)
    program.a_matrix_.index_ = by_column.indices.astype(np.int32)
    program.a_matrix_.value_ = by_column.data.astype(float)
    return program


def _clipped(worth: Floats, fixed: Flags) -> Cut:
    """The cut with what is hidden anyway moved to the right side, and no coefficient above it."""
    rest = 1.0 - float(worth[fixed].sum())
    return Cut(np.where(fixed, 0.0, np.minimum(worth, max(rest, 0.0))), rest)


class _Master:
    """The choice of what to hide, as a mixed-integer program over groups of cells."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._fixed = system.needs.is_primary | system.locked
        forced = np.zeros(len(system.members), dtype=bool)
        forced[system.group[self._fixed]] = True
        shown = np.zeros(len(system.members), dtype=bool)
        shown[system.group[system.kept & ~self._fixed]] = True
        self._low, self._high = forced.astype(float), (~shown | forced).astype(float)
        weights = np.bincount(system.group, weights=system.weights * ~self._fixed).astype(np.float64)
        self._whole = bool((weights == np.rint(weights)).all())
        self._base = float(weights[forced].sum())
        self._solver = quiet(_choice(weights, self._low, self._high))
        self.add(_row_cuts(system))

    def add(self, cuts: Iterable[Cut]) -> None:
        """Further inequalities that every protecting pattern meets."""
        for cut in cuts:
            by_group = np.bincount(self._system.group, weights=cut.coefficients, minlength=len(self._low))
            rest = cut.rest - float(by_group[self._low > 0].sum())
            columns = np.flatnonzero((by_group != 0) & (self._low == 0)).astype(np.int32)
            if rest > _MET or (by_group < 0).any():
                self._solver.addRow(rest, np.inf, len(columns), columns, by_group[columns].astype(float))

    def offer(self, hidden: Flags) -> None:
        """A pattern that meets everything, for the branch and bound to beat."""
        chosen = np.zeros(len(self._low))
        chosen[self._system.group[hidden]] = 1.0
        solution = highspy.HighsSolution()
        solution.col_value = chosen.tolist()
        self._solver.setSolution(solution)

    def solve(self, nodes: int) -> tuple[Flags, float]:
        """The cheapest proposal found, and a bound on all of them."""
        self._solver.setOptionValue("mip_max_nodes", nodes)
        self._solver.run()
        info = self._solver.getInfo()
        bound = info.mip_dual_bound - self._base
        chosen = np.asarray(self._solver.getSolution().col_value) > 0.5
        return chosen[self._system.group], float(np.ceil(bound - 1e-4)) if self._whole else float(bound)


def _choice(weights: Floats, low: Floats, high: Floats) -> highspy.HighsLp:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(weights), 0
    program.col_cost_, program.col_lower_, program.col_upper_ = weights, low, high
    program.integrality_ = [highspy.HighsVarType.kInteger] * len(weights)
    program.a_matrix_.start_ = np.zeros(len(weights) + 1, dtype=np.int32)
    return program


def _row_cuts(system: System) -> Iterator[Cut]:
    """What one equation alone says: no cell hidden alone, and room in it for every target's move."""
    equations, fixed = system.equations, system.needs.is_primary | system.locked
    single = np.bincount(system.group)[system.group] == 1
    for row in range(equations.shape[0]):
        inside = slice(equations.indptr[row], equations.indptr[row + 1])
        cells, signs = equations.indices[inside], equations.data[inside]
        if not fixed[cells].any():
            for cell in cells[single[cells]]:
                alone = np.zeros(system.size)
                alone[cells], alone[cell] = 1.0, -1.0
                yield Cut(alone, 0.0)
        for place in np.flatnonzero(system.needs.is_primary[cells]):
            yield from _room_cuts(system, cells.astype(np.int64), signs, int(place))


def _room_cuts(system: System, cells: Integers, signs: Integers, place: int) -> Iterator[Cut]:
    target = cells[place]
    for direction, needs in ((1, system.needs.up), (-1, system.needs.down)):
        need = int(needs[target])
        if need == 0:
            continue
        must_fall = signs * signs[place] * direction > 0
        worth = np.zeros(system.size)
        worth[cells] = np.where(must_fall, np.minimum(system.values[cells] / need, 1.0), 1.0)
        worth[target] = 0.0
        yield _clipped(worth, system.needs.is_primary | system.locked)
