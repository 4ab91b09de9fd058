"""The pattern: hide what the proofs need, drop what they can do without, and search around that for less.

Every hidden cell that a rule hides keeps, in each direction it needs, alternative tables that together leave
no single firm sure. Search is fixed by a seed and a number of iterations, never by a clock, so that a release
can be made again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from reports.disclosure.protect.beforehand import Beforehand, Supposed, unmet
from reports.disclosure.protect.finding import Finder, Sought
from reports.disclosure.protect.flows import primitive
from reports.disclosure.protect.knowledge import Flow, Knowledge
from reports.disclosure.protect.system import NOBODY, Flags, Integers, System

UP, DOWN = 1, -1
_TOGETHER = 4
"""How many flows found before may together prove one demand."""

Demand = tuple[int, int]
"""A target cell and a direction."""


@dataclass(frozen=True)
class Unprotected:
    """A demand that cannot be met, and against whom (None: the public)."""

    target: int
    direction: int
    attacker: str | None


@dataclass(frozen=True)
class Pattern:
    """What is hidden (every cell, primaries and locked ones included), the proofs, and what stays open."""

    hidden: Flags
    proofs: dict[Demand, tuple[Flow, ...]]
    unprotected: tuple[Unprotected, ...]

    def secondary(self, system: System) -> Flags:
        """The cells hidden only to protect others."""
        return self.hidden & ~system.needs.is_primary & ~system.locked


@dataclass(frozen=True)
class Effort:
    """How long to search: the seed, and rounds of ruin and recreate."""

    seed: int = 0
    rounds: int = 200
    largest_ruin: int = 6


def protect(system: System, finder: Finder, effort: Effort) -> Pattern:
    """The pattern of a system, by greedy cover, pruning, reduction, and ruin and recreate."""
    search = Search(system, finder, effort.seed)
    search.cover(search.demands)
    search.prune()
    search.reduce()
    for _ in range(effort.rounds):
        search.ruin_and_recreate(effort.largest_ruin)
    search.prune()
    return search.pattern()


class Search:
    """The state of one search: what is hidden by now, the proofs, and where each cell is used."""

    def __init__(self, system: System, finder: Finder, seed: int) -> None:
        self.system = system
        self.finder = finder
        self.knowledge = Knowledge.of(system)
        self._beforehand = Beforehand(system, self.knowledge)
        self.random = np.random.default_rng(seed)
        self.proofs: dict[Demand, tuple[Flow, ...]] = {}
        self.open: dict[Demand, frozenset[int]] = {}
        self.known_before: dict[tuple[int, int], tuple[Supposed, ...]] = {}
        self.demands = demands_of(system)
        self._known: dict[int, list[Flow]] = defaultdict(list)
        self._users: dict[int, set[Demand]] = defaultdict(set)
        self._forced = np.zeros(len(system.members), dtype=bool)
        self._forced[system.group[system.needs.is_primary | system.locked]] = True
        self.is_hidden_group = self._forced.copy()

    @property
    def hidden(self) -> Flags:
        """Which cells are hidden by now."""
        return self.is_hidden_group[self.system.group]

    @property
    def cost(self) -> float:
        """What the secondary cells cost."""
        return float(self.system.weights[self.hidden & ~self._forced[self.system.group]].sum())

    def pattern(self) -> Pattern:
        """The result of the search so far."""
        names = self.system.contributors.names
        unprotected = [
            Unprotected(target, sign, None if firm == NOBODY else names[firm])
            for (target, sign), firms in sorted(self.open.items())
            for firm in sorted(firms)
        ]
        return Pattern(self.hidden.copy(), dict(self.proofs), tuple(unprotected))

    def hide(self, cells: Flags) -> None:
        """Hide what somebody else proposes, with its groups."""
        self.is_hidden_group[self.system.group[cells]] = True

    # --- proving ------------------------------------------------------------------------------------

    def cover(self, demands: Iterable[Demand], *, may_hide: bool = True) -> bool:
        """Prove every demand, hiding further cells if allowed; False at the first that cannot be proved."""
        return all(self._prove(demand, may_hide) for demand in demands)

    def _prove(self, demand: Demand, may_hide: bool) -> bool:
        flows = self._from_known(demand)
        if self._blocked(demand, flows):
            flows = self._find(demand, may_hide)
        blocked = self._blocked(demand, flows)
        if blocked and not may_hide:
            return False
        if blocked:
            self.open[demand] = self.open.get(demand, frozenset()) | blocked
        self._adopt(demand, flows)
        return True

    def _exempt(self, demand: Demand) -> frozenset[int]:
        owner = int(self.knowledge.sole[demand[0]])
        return self.open.get(demand, frozenset()) | (frozenset() if owner == NOBODY else {owner})

    def _blocked(self, demand: Demand, flows: Sequence[Flow]) -> frozenset[int]:
        """Against whom the flows prove nothing; NOBODY stands for the public, the only attacker downwards."""
        exempt, need = self._exempt(demand), self._need(demand)
        far = [flow for flow in flows if flow.of(demand[0]) * demand[1] >= need]
        if not far:
            return frozenset({NOBODY}) - exempt
        if demand[1] == DOWN:
            return frozenset()
        values = self.system.values
        common = frozenset.intersection(*(self.knowledge.blockers(flow, values) for flow in far))
        return frozenset(firm for firm in common - exempt if not self._learns_nothing(demand[0], firm, flows))

    def _learns_nothing(self, target: int, firm: int, flows: Sequence[Flow]) -> bool:
        """Whether the flows leave a target, which the firm may have known beforehand, as open as it was."""
        cases = self.known_before.get((target, firm), ())
        return bool(cases) and not any(unmet(cases, flows, target, self._own(firm)))

    def _own(self, firm: int) -> tuple[Integers, Flags]:
        return self.system.values - self.knowledge.parts_of(firm), self.knowledge.sole == firm

    def _need(self, demand: Demand) -> int:
        needs = self.system.needs.up if demand[1] == UP else self.system.needs.down
        return int(needs[demand[0]])

    def _from_known(self, demand: Demand) -> list[Flow]:
        """Flows found before that move the target far enough over cells that are hidden now."""
        hidden, fit = self.hidden, list[Flow]()
        for known in reversed(self._known[demand[0]]):
            flow = self._stretched(known, demand) if hidden[known.cells].all() else None
            if flow is None:
                continue
            if not self._blocked(demand, [flow]):
                return [flow]
            fit.append(flow)
            if len(fit) == _TOGETHER:
                break
        return [] if self._blocked(demand, fit) else fit

    def _stretched(self, known: Flow, demand: Demand) -> Flow | None:
        own, need = known.of(demand[0]) * demand[1], self._need(demand)
        flow = known.times(-(-need // abs(own)) * (1 if own > 0 else -1))
        return flow if (self.system.values[flow.cells] + flow.deltas >= 0).all() else None

    def _find(self, demand: Demand, may_hide: bool) -> list[Flow]:
        robust = demand[1] == UP and len(self.system.contributors.cell) > 0
        found = self._seek(demand, may_hide, robust=robust) if robust else None
        if found is not None:
            return [found]
        found = self._seek(demand, may_hide)
        if found is None:
            return []
        flows = [found]
        for firm in sorted(self._blocked(demand, flows)):
            if firm in self._blocked(demand, flows):
                more = self._seek(demand, may_hide, firm=firm)
                flows += self._find_for_knower(demand, may_hide, firm) if more is None else [more]
        return flows

    def _find_for_knower(self, demand: Demand, may_hide: bool, firm: int) -> list[Flow]:
        """Flows that leave the target as open as it was to a firm that may have known it beforehand."""
        target, flows = demand[0], list[Flow]()
        if may_hide and firm != NOBODY and (target, firm) not in self.known_before:
            found = self._beforehand.supposed(target, self._need(demand), firm)
            self.known_before[target, firm] = found
        for case in self.known_before.get((target, firm), ()):
            if any(unmet([case], flows, target, self._own(firm))):
                more = self._seek(demand, may_hide, firm=firm, case=case)
                flows += [] if more is None else [more]
        return flows

    def _seek(
        self,
        demand: Demand,
        may_hide: bool,
        *,
        robust: bool = False,
        firm: int = NOBODY,
        case: Supposed | None = None,
    ) -> Flow | None:
        owner = int(self.knowledge.sole[demand[0]])
        need, unsure = (self._need(demand), frozenset[int]()) if case is None else (case.reach, case.unsure)
        sought = Sought(*demand, need, self.hidden, may_hide, robust, firm, owner, unsure)
        flow = self.finder.find(sought)
        if flow is not None:
            self.is_hidden_group[self.system.group[flow.cells]] = True
            short = primitive(flow)
            for cell in flow.cells[self.system.needs.is_primary[flow.cells]].tolist():
                self._known[cell].append(short)
        return flow

    def _adopt(self, demand: Demand, flows: Sequence[Flow]) -> None:
        for flow in self.proofs.get(demand, ()):
            for group in self.system.group[flow.cells].tolist():
                self._users[group].discard(demand)
        self.proofs[demand] = tuple(flows)
        for flow in flows:
            for group in self.system.group[flow.cells].tolist():
                self._users[group].add(demand)

    # --- improving ----------------------------------------------------------------------------------

    @property
    def loose(self) -> list[int]:
        """The hidden groups that no rule hides."""
        return np.flatnonzero(self.is_hidden_group & ~self._forced).tolist()

    def prune(self) -> None:
        """Show what no proof uses."""
        for group in self.loose:
            if not self._users[group]:
                self.is_hidden_group[group] = False

    def reduce(self) -> None:
        """One sweep, dearest first: show a cell if all proofs that use it can be had without it."""
        weights = self.system.weights
        values = [float(self.system.values[self.system.members[g]].sum()) for g in range(len(self._forced))]
        for group in sorted(
            self.loose, key=lambda g: (-weights[self.system.members[g]].sum(), -values[g], g)
        ):
            self._attempt([group], may_hide=False)
        self.prune()

    def ruin_and_recreate(self, largest: int) -> None:
        """Show a few neighboring secondaries, prove anew what used them, keep it unless it costs more."""
        loose = self.loose
        if loose:
            start = int(self.random.choice(loose))
            self._attempt(self._neighbors(start, int(self.random.integers(2, largest + 1))), may_hide=True)

    def _neighbors(self, start: int, count: int) -> list[int]:
        loose, near = set(self.loose), list[int]()
        for demand in sorted(self._users[start]):
            for flow in self.proofs[demand]:
                near += [g for g in self.system.group[flow.cells].tolist() if g in loose and g != start]
        near = sorted(set(near))
        more = self.random.permutation(near)[: count - 1].tolist() if near else []
        return [start, *more]

    def _attempt(self, groups: list[int], *, may_hide: bool) -> None:
        before = (self.is_hidden_group.copy(), self.cost, dict(self.open))
        affected = sorted({demand for group in groups for demand in self._users[group]})
        kept = {demand: self.proofs[demand] for demand in affected}
        self.is_hidden_group[groups] = False
        order = [affected[i] for i in self.random.permutation(len(affected))] if may_hide else affected
        proved = self.cover(order, may_hide=may_hide)
        if proved and may_hide:
            self.prune()
        if not proved or self.cost > before[1] or self.open != before[2]:
            self.is_hidden_group, self.open = before[0], before[2]
            for demand, flows in kept.items():
                self._adopt(demand, flows)


def demands_of(system: System) -> list[Demand]:
    """Every target and direction that needs room, the largest need first."""
    needs = system.needs
    up = [(-int(needs.up[cell]), int(cell), UP) for cell in np.flatnonzero(needs.up)]
    down = [(-int(needs.down[cell]), int(cell), DOWN) for cell in np.flatnonzero(needs.down)]
    return [(cell, sign) for _, cell, sign in sorted(up + down)]
