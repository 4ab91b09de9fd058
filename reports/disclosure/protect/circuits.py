"""The protector of large cubes: flows as products of hierarchies' moves, found by compiled search, programs
only for the rest.

Whoever protects a cube of some thousand cells, of one table or of linked ones, calls ``protect_cube``; small
tables, and links that make no cube, are ``search``'s. The compiled parts are imported when they are needed; a
machine's first call compiles them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from contracts.errors import DisclosureError
from reports.disclosure.protect.cube import Cube
from reports.disclosure.protect.finding import NearFinder
from reports.disclosure.protect.knowledge import Flow
from reports.disclosure.protect.search import UP, Demand, Effort, Pattern, Search, Unprotected
from reports.disclosure.protect.system import Flags, Integers, System

WORTHWHILE = 1_500
"""Up to so many cells linear programs find fewer secondaries, and compiled code is not worth its loading."""

WORTHWHILE_LINKED = 3_000
"""The same for linked tables: there circuits hide about a third more, as long as programs take minutes."""

_AT_ONCE = 500
"""Rounds of ruin and recreate between two words on progress."""

_AGAIN = 6
"""How often a linear program is asked again for a flow through fewer cells."""

ROUNDS = 20
"""Compiled rounds of ruin and recreate for one of ``Effort``: quicker ones, for a wider table."""

Tell = Callable[[str, int, int], None]
"""Told of progress: a stage, how much of it is done, how much there is."""


def silent(_stage: str, _done: int, _total: int) -> None:
    """Tells nobody."""


def is_worthwhile(system: System, *, is_linked: bool = False) -> bool:
    """Whether circuits are the better way for a cube, or for a cube of linked tables: it is large, and every
    cell has its own status.
    """
    least = WORTHWHILE_LINKED if is_linked else WORTHWHILE
    return system.size > least and len(np.unique(system.group)) == system.size


def protect_cube(system: System, cube: Cube, effort: Effort, tell: Tell = silent) -> Pattern:
    """The pattern of a cube whose cells are those of ``system``; as ``search.protect``, and far faster."""
    run = _Run(system, cube, effort.seed)
    tell("Protecting cells", 0, 1)
    run.cover()
    run.mend()
    tell("Protecting cells", 1, 1)
    tell("Dropping what is not needed", 0, 1)
    run.reduce()
    tell("Dropping what is not needed", 1, 1)
    rounds = effort.rounds * ROUNDS
    for begun in range(0, rounds, _AT_ONCE):
        run.ruin(min(_AT_ONCE, rounds - begun))
        tell("Searching for fewer", min(begun + _AT_ONCE, rounds), rounds)
    return run.pattern()


@dataclass(frozen=True)
class _Mended:
    """What linear programs found for demands without a circuit."""

    proofs: dict[Demand, tuple[Flow, ...]]
    unprotected: tuple[Unprotected, ...]


class _Run:
    """The compiled search over one cube: its board, its state, and what programs added."""

    def __init__(self, system: System, cube: Cube, seed: int) -> None:
        # Compiled code is loaded here: a process that protects no cube pays nothing for it.
        from reports.disclosure.protect import boards, kernels

        kernels.keep_compiled()
        self._kernels: Any = kernels
        self._system = system
        self._search = Search(system, NearFinder(system, cube.near, _AGAIN), seed)
        self._demands = self._search.demands
        self._board = boards.board(system, cube, self._demands)
        self._state = boards.state(system.size, len(self._demands), seed)
        self._state.status[system.needs.is_primary | system.locked] = kernels.FORCED
        self._scratch = (
            boards.bench(system.size),
            boards.bench(system.size),
            boards.saved(system.size, len(self._demands)),
        )
        # Among cells that cost the same, small ones are hidden first.
        self._state.tie[:] = 0.002 * np.log1p(system.values)
        self._mended = _Mended({}, ())

    def cover(self) -> None:
        """A circuit for every demand that has one."""
        self._step(self._kernels.COVER, np.arange(len(self._demands)))

    def mend(self) -> None:
        """Linear programs for the others; what they hide stays hidden."""
        search = self._search
        search.hide(self._state.status > 0)
        missing = [self._demands[place] for place in np.flatnonzero(self._state.size == 0).tolist()]
        search.cover(missing)
        self._state.status[search.hidden & (self._state.status == 0)] = self._kernels.FORCED
        for flow in (flow for flows in search.proofs.values() for flow in flows):
            self._force(flow.cells)
        self._mended = _Mended({d: f for d, f in search.proofs.items() if f}, search.pattern().unprotected)

    def _force(self, cells: Integers) -> None:
        loose = cells[self._state.status[cells] == self._kernels.LOOSE]
        for cell in loose.tolist():
            self._kernels.force(self._state, cell)

    def reduce(self) -> None:
        """One sweep, dearest and largest first: show what can be done without."""
        self._kernels.prune(self._state)
        order = np.lexsort((-self._system.values, -self._system.weights)).astype(np.int64)
        self._step(self._kernels.REDUCE, order)
        self._kernels.prune(self._state)

    def ruin(self, rounds: int) -> None:
        """Rounds of ruin and recreate."""
        self._step(self._kernels.RUIN, np.arange(0), rounds)

    def _step(self, step: int, order: Integers, rounds: int = 0) -> None:
        self._kernels.search(self._board, self._state, *self._scratch, step, order, rounds)

    def pattern(self) -> Pattern:
        """The pattern as it stands, its flows multiplied out once more."""
        self._kernels.prune(self._state)
        hidden = np.asarray(self._state.status > 0)
        proofs = dict(self._mended.proofs)
        for place in np.flatnonzero(self._state.size).tolist():
            target, sign = self._demands[place]
            size, need = int(self._state.size[place]), int(self._board.need[place])
            cells = self._state.cells[place, :size].astype(np.int64)
            proofs[target, sign] = (
                Flow(cells, self._state.coefficient[place, :size].astype(np.int64) * need),
            )
        _refuse_wrong(self._system, hidden, proofs)
        return Pattern(hidden, proofs, self._mended.unprotected)


def _refuse_wrong(system: System, hidden: Flags, proofs: dict[Demand, tuple[Flow, ...]]) -> None:
    """Compiled code checks no bounds, so its result is checked: equations, zero, published cells, needs.

    Of several flows for one demand (from programs) those for single firms may reach less far than the need.
    """
    flows = [flow for found in proofs.values() for flow in found]
    lengths = [len(flow.cells) for flow in flows]
    row = np.repeat(np.arange(len(flows)), lengths)
    cell = np.concatenate([flow.cells for flow in flows] or [np.zeros(0, dtype=np.int64)])
    delta = np.concatenate([flow.deltas for flow in flows] or [np.zeros(0, dtype=np.int64)])
    moved = sparse.csr_array((delta, (row, cell)), shape=(len(flows), system.size))
    balanced = not (moved @ system.equations.T).count_nonzero()
    possible = bool((system.values[cell] + delta >= 0).all() and hidden[cell].all())
    if not (balanced and possible and all(_is_met(system, *proof) for proof in proofs.items())):
        raise DisclosureError(
            "PRO-009",
            found="an alternative table that is none",
            expected="equations that hold, published cells that stand still, nothing below zero, needs met",
            where="the protector by circuits",
            remedy="Report this: nothing was written.",
        )


def _is_met(system: System, demand: Demand, flows: tuple[Flow, ...]) -> bool:
    target, sign = demand
    need = int((system.needs.up if sign == UP else system.needs.down)[target])
    return any(flow.of(target) * sign >= need for flow in flows)
