"""The baseline of ``make bench-cubes``: suppression by one local linear program for each target.

As such protectors are written: the largest need first, a program over the target's siblings, parents and
parts, over everything only where that has no answer; what a flow proves on its way is not asked again.
"""

from __future__ import annotations

from reports.disclosure.protect.cube import Cube
from reports.disclosure.protect.finding import NearFinder, Sought
from reports.disclosure.protect.knowledge import Flow
from reports.disclosure.protect.search import UP, Demand, Pattern, Unprotected, demands_of
from reports.disclosure.protect.system import NOBODY, Flags, System


def protect_by_programs(system: System, cube: Cube) -> Pattern:
    """A pattern against the public."""
    run = _Run(system)
    finder = NearFinder(system, cube.near)
    for target, sign in demands_of(system):
        if run.is_met(target, sign):
            continue
        need = int((system.needs.up if sign == UP else system.needs.down)[target])
        flow = finder.find(Sought(target, sign, need, run.hidden, True, False, NOBODY, NOBODY))
        if flow is None:
            run.open.append(Unprotected(target, sign, None))
        else:
            run.adopt(flow)
    return Pattern(run.used(), run.proofs, tuple(run.open))


class _Run:
    """What is hidden and proved by now."""

    def __init__(self, system: System) -> None:
        self._system = system
        self.hidden: Flags = system.needs.is_primary | system.locked
        self.proofs: dict[Demand, tuple[Flow, ...]] = {}
        self.open: list[Unprotected] = []

    def is_met(self, target: int, sign: int) -> bool:
        """Whether a flow found before proves a demand."""
        return (target, sign) in self.proofs

    def used(self) -> Flags:
        """What is hidden by a rule or moved by a proof."""
        found = self._system.needs.is_primary | self._system.locked
        for flow in (flow for flows in self.proofs.values() for flow in flows):
            found[flow.cells] = True
        return found

    def adopt(self, flow: Flow) -> None:
        """Hide what a flow moves; it proves what it moves far enough, turned around too if that holds."""
        self.hidden[flow.cells] = True
        for way in (1, -1):
            turned = flow.times(way)
            if (self._system.values[turned.cells] + turned.deltas >= 0).all():
                self._prove(turned)

    def _prove(self, flow: Flow) -> None:
        needs = self._system.needs
        up, down = needs.up[flow.cells], needs.down[flow.cells]
        for sign, met in ((UP, (up > 0) & (flow.deltas >= up)), (-UP, (down > 0) & (-flow.deltas >= down))):
            for cell in flow.cells[met].tolist():
                self.proofs.setdefault((cell, sign), (flow,))
