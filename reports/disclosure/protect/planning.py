"""The planner: which cuboids (combinations of levels) to publish so that enough of them can be shown.

From all cuboids, the finest ones go first: of those with no finer one left, the one of which the rules hide
most. Cells of cuboids that go stay in the system, as hidden cells that are never shown, so that what is
published is protected against all that there is. Protecting is the caller's; so is writing the plan down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np

from reports.disclosure.protect.search import Pattern
from reports.disclosure.protect.system import Flags, Floats, Integers

NO_CUBOID = -1
"""What rounding left over belongs to none: everybody knows it."""

Cuboid = tuple[tuple[str, int], ...]
"""Dimensions with a level of each (1 is the coarsest), sorted, without those at their total."""

Protect = Callable[[frozenset[int]], Pattern]
"""Protects the system with these cuboids published; the pattern is that of its cells."""


@dataclass(frozen=True)
class Targets:
    """Which shares of the cells, and of the value, of what is published are to be shown."""

    cells: Fraction = Fraction(7, 10)
    value: Fraction = Fraction(19, 20)


@dataclass(frozen=True)
class Table:
    """The cells that are planned for: aligned arrays, and the cuboids that ``cuboid`` counts through.

    ``counts``: whether a cell holds anything; empty ones count neither as shown nor as hidden.
    """

    cuboids: tuple[Cuboid, ...]
    cuboid: Integers
    values: Integers
    counts: Flags
    is_primary: Flags

    def within(self, cuboids: frozenset[int]) -> Flags:
        """The cells of some cuboids."""
        return np.isin(self.cuboid, sorted(cuboids))

    @cached_property
    def top(self) -> frozenset[int]:
        """The cuboid of the grand total: it never goes, and alone it is no plan."""
        return frozenset(n for n, cuboid in enumerate(self.cuboids) if not cuboid)

    def finest(self, cuboids: frozenset[int]) -> list[int]:
        """Of some cuboids those without a finer one among them; the grand total is never one."""
        candidates = sorted(cuboids - self.top)
        return [n for n in candidates if not any(self._is_finer(m, n) for m in candidates if m != n)]

    def _is_finer(self, fine: int, coarse: int) -> bool:
        levels = dict(self.cuboids[fine])
        return all(levels.get(dimension, 0) >= level for dimension, level in self.cuboids[coarse])


@dataclass(frozen=True)
class Counted:
    """Cells and their value: how much there is, and how much of it is hidden."""

    cells: int
    hidden: int
    value: int
    hidden_value: int

    @property
    def cells_share(self) -> Fraction:
        """The share of cells shown."""
        return _share(self.cells - self.hidden, self.cells)

    @property
    def value_share(self) -> Fraction:
        """The share of value shown."""
        return _share(self.value - self.hidden_value, self.value)

    @property
    def hidden_share(self) -> Fraction:
        """The share of cells hidden."""
        return _share(self.hidden, self.cells, nothing=0)

    def nearness(self, targets: Targets) -> Fraction:
        """1 where both targets are met, else how near the one farther off is."""
        return min(_near(self.cells_share, targets.cells), _near(self.value_share, targets.value))

    def grown(self, cells: Fraction, value: Fraction) -> Counted:
        """The same with so many times as much hidden."""
        hidden = min(int(self.hidden * cells), self.cells)
        return Counted(self.cells, hidden, self.value, int(self.hidden_value * value))


def _share(part: int, whole: int, nothing: int = 1) -> Fraction:
    return Fraction(part, whole) if whole else Fraction(nothing)


def _near(share: Fraction, target: Fraction) -> Fraction:
    return min(share / target, Fraction(1)) if target else Fraction(1)


@dataclass(frozen=True)
class Try:
    """Cuboids published, and how much of them was hidden; ``is_protected``: nothing stayed open."""

    published: frozenset[int]
    counted: Counted
    pattern: Pattern

    @property
    def is_protected(self) -> bool:
        """Whether every hidden cell could be protected."""
        return not self.pattern.unprotected


@dataclass(frozen=True)
class Dropped:
    """A cuboid that went, with what the rules hide of it."""

    cuboid: int
    primary: Counted


@dataclass(frozen=True)
class Plan:
    """The best of the tries (the one that meets the targets, if any does), and what went before it."""

    best: Try
    dropped: tuple[Dropped, ...]
    tries: tuple[Try, ...]
    is_met: bool


def counted(table: Table, cuboids: frozenset[int], hidden: Flags) -> Counted:
    """How much of some cuboids is hidden."""
    inside = table.within(cuboids) & table.counts
    return Counted(
        cells=int(inside.sum()),
        hidden=int((inside & hidden).sum()),
        value=int(table.values[inside].sum()),
        hidden_value=int(table.values[inside & hidden].sum()),
    )


def plan(table: Table, targets: Targets, protect: Protect) -> Plan:
    """The plan that gives up least, in the order in which cuboids go, as far as it was looked for.

    What the rules alone hide too much of is not tried. After a try that falls short, as many cuboids go as
    its ratio of hidden cells to those that a rule hides lets expect, one at least; what was passed over
    that way is looked at again, by halves, once a try meets the targets.
    """
    search = _Search(table, targets, protect)
    while search.left:
        if search.is_promising:
            search.attempt()
            if search.is_met(search.tries[-1]):
                search.go_back()
                return search.result(is_met=True)
        search.drop()
    if not any(one.is_protected for one in search.tries):
        search.attempt_likeliest()
    return search.result(is_met=False)


@dataclass
class _Search:
    """The planner on its way: what is still published, what went, what was tried."""

    table: Table
    targets: Targets
    protect: Protect
    tries: list[Try] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    ratio: tuple[Fraction, Fraction] = (Fraction(1), Fraction(1))

    def __post_init__(self) -> None:
        self.published = frozenset(range(len(self.table.cuboids)))
        self._passed: list[frozenset[int]] = []

    @property
    def left(self) -> bool:
        """Whether anything but the grand total is published."""
        return bool(self.published - self.table.top)

    @property
    def is_promising(self) -> bool:
        """Whether the targets would be met if as much more were hidden as in the last try."""
        return self._primary(self.published).grown(*self.ratio).nearness(self.targets) == 1

    def is_met(self, one: Try) -> bool:
        """Whether a try is a plan."""
        return one.is_protected and self.nearness(one) == 1

    def nearness(self, one: Try) -> Fraction:
        """How near a try comes to the targets."""
        return one.counted.nearness(self.targets)

    def attempt(self) -> None:
        """Protect what is published now, and learn how much more is hidden than the rules hide."""
        pattern = self.protect(self.published)
        found = counted(self.table, self.published, pattern.hidden)
        rules = self._primary(self.published)
        self.tries.append(Try(self.published, found, pattern))
        self.ratio = (_ratio(found.hidden, rules.hidden), _ratio(found.hidden_value, rules.hidden_value))

    def attempt_likeliest(self) -> None:
        """Protect the one of all that were passed over of which the rules leave most."""
        tried = [one.published for one in self.tries]
        left = [one for one in self._passed if one not in tried]
        if left:
            self.published = max(left, key=lambda one: self._primary(one).nearness(self.targets))
        if left or not tried:
            self.attempt()

    def go_back(self) -> None:
        """Of what was passed over since the last try that fell short, try what publishes more."""
        short = [self._passed.index(one.published) for one in self.tries if not self.is_met(one)]
        passed = self._passed[max(short, default=-1) + 1 :]
        larger = [one for one in passed if self._primary(one).nearness(self.targets) == 1]
        low, high = 0, len(larger)
        while low < high:
            middle = (low + high) // 2
            self.published = larger[middle]
            self.attempt()
            low, high = (low, middle) if self.is_met(self.tries[-1]) else (middle + 1, high)

    def drop(self) -> None:
        """Give up the finest cuboid of which the rules hide most; where equal, the last try, then size."""
        self._passed.append(self.published)
        worst = max(self.table.finest(self.published), key=self._badness)
        self.dropped.append(Dropped(worst, self._primary(frozenset({worst}))))
        self.published -= {worst}

    def _badness(self, cuboid: int) -> tuple[Fraction, Fraction, int, int]:
        one = frozenset({cuboid})
        last = self.tries[-1].pattern.hidden if self.tries else self.table.is_primary
        primary = self._primary(one)
        return (primary.hidden_share, counted(self.table, one, last).hidden_share, primary.cells, -cuboid)

    def _primary(self, cuboids: frozenset[int]) -> Counted:
        return counted(self.table, cuboids, self.table.is_primary)

    def result(self, *, is_met: bool) -> Plan:
        """The best try: of those that met the targets what publishes most, else the nearest protected one."""
        best = max(self.tries, key=self._goodness)
        gone = [one for one in self.dropped if one.cuboid not in best.published]
        return Plan(best, tuple(gone), tuple(self.tries), is_met)

    def _goodness(self, one: Try) -> tuple[bool, Fraction, int, int]:
        shown = one.counted.cells - one.counted.hidden
        return (one.is_protected, self.nearness(one), len(one.published), shown)


def _ratio(hidden: int, primary: int) -> Fraction:
    return max(Fraction(hidden, primary), Fraction(1)) if primary else Fraction(1)


def sparing(values: Integers, weights: Floats) -> Floats:
    """Costs of hiding by which a large cell is spared before small ones: one, and its part of the mean."""
    mean = float(values.mean()) if len(values) and values.any() else 1.0
    return np.asarray(weights * (1.0 + values / mean), dtype=np.float64)
