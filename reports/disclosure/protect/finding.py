"""Who finds a flow for a demand: what is sought, and the finders by linear programs, which always work.

What needs no program in cubes is ``circuits``'s. What is done with a flow is ``search``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from reports.disclosure.protect.flows import FlowProgram, Move, blocks
from reports.disclosure.protect.knowledge import Flow, Knowledge
from reports.disclosure.protect.system import NOBODY, Flags, Floats, Integers, System

FREE = 1e-3
"""What moving a hidden cell costs beside hiding one more: short flows are kept longer by later steps."""

_LITTLE = 0.02
"""A move of so much of the need is as good as none."""


@dataclass(frozen=True)
class Sought:
    """A flow for ``target`` in direction ``sign`` by ``need``, over ``hidden`` cells, further ones if it
    ``may_hide``. ``robust``: one that no single firm but the target's ``owner`` can rule out; ``firm``: one
    that this firm cannot rule out, if it is not sure to be alone in the ``unsure`` cells.
    """

    target: int
    sign: int
    need: int
    hidden: Flags
    may_hide: bool
    robust: bool
    firm: int
    owner: int
    unsure: frozenset[int] = frozenset()


class Finder(Protocol):
    """Finds flows; None when it knows none."""

    def find(self, sought: Sought) -> Flow | None:
        """The flow found, in whole units."""


class ProgramFinder:
    """Flows by linear programs over the target's whole block of equations."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.knowledge = Knowledge.of(system)
        self._blocks = blocks(system)
        self._programs: dict[int, FlowProgram] = {}
        self._hiding = _hiding_cost(system)

    def find(self, sought: Sought) -> Flow | None:
        """The cheapest flow of the program; None when the program has none in whole units."""
        room, fixed = room_for(self.system, self.knowledge, sought)
        cost = np.where(sought.hidden, FREE, self._hiding if sought.may_hide else np.inf)
        program = self._program(int(self.system.component[sought.target]))
        return program.move(Move(sought.target, sought.sign, sought.need, room, fixed, cost))

    def _program(self, block: int) -> FlowProgram:
        if block not in self._programs:
            self._programs[block] = FlowProgram(self.system, self._blocks[block])
        return self._programs[block]


class NearFinder:
    """Flows by linear programs over the cells ``near`` a target of a cube; over all of them where that fails.

    What is found is asked for ``again`` so many times, with cells dearer the less they moved: what trickles
    through many cells then goes through few.
    """

    def __init__(self, system: System, near: Callable[[int], Integers], again: int = 0) -> None:
        self.system = system
        self.knowledge = Knowledge.of(system)
        self._near = near
        self._again = again
        self._hiding = _hiding_cost(system)

    @cached_property
    def _everywhere(self) -> FlowProgram:
        return FlowProgram(self.system, np.arange(self.system.size))

    def find(self, sought: Sought) -> Flow | None:
        """The cheapest flow nearby, else the cheapest anywhere."""
        nearby = FlowProgram(self.system, self._near(sought.target))
        return self._found(nearby, sought) or self._found(self._everywhere, sought)

    def _found(self, program: FlowProgram, sought: Sought) -> Flow | None:
        room, fixed = room_for(self.system, self.knowledge, sought)
        hiding = np.where(sought.hidden, FREE, self._hiding if sought.may_hide else np.inf)
        best = program.move(Move(sought.target, sought.sign, sought.need, room, fixed, hiding))
        last = best
        for _ in range(self._again):
            if last is None or best is None:
                break
            moved = np.zeros(self.system.size)
            moved[last.cells] = np.abs(last.deltas) / sought.need
            cost = np.where(sought.hidden, FREE, hiding / (moved + _LITTLE))
            last = program.move(Move(sought.target, sought.sign, sought.need, room, fixed, cost))
            if last is not None and self._price(last, sought) < self._price(best, sought):
                best = last
        return best

    def _price(self, flow: Flow, sought: Sought) -> float:
        return float(self._hiding[flow.cells[~sought.hidden[flow.cells]]].sum())


def room_for(system: System, knowledge: Knowledge, sought: Sought) -> tuple[Integers, Flags]:
    """How far every cell may fall under what is sought, and which cells must not move."""
    fixed = np.zeros(system.size, dtype=bool)
    if sought.robust:
        fixed[knowledge.fixed_for_others(sought.owner)] = True
        return system.values - knowledge.floors(sought.owner), fixed
    if sought.firm != NOBODY:
        fixed[knowledge.sole == sought.firm] = True
        fixed[list(sought.unsure)] = False
        return system.values - knowledge.parts_of(sought.firm), fixed
    return system.values, fixed


def _hiding_cost(system: System) -> Floats:
    """What hiding a cell costs with all of its group; infinite where an earlier release shows it."""
    by_group = np.bincount(system.group, weights=system.weights).astype(np.float64)
    by_group[system.group[system.kept]] = np.inf
    return np.asarray(by_group[system.group] + FREE)
