"""Levels of dimensions, and cuboids: the combinations of levels that a table's cells belong to.

A code's level is how deep it stands in its hierarchy, so that the parts of a total are all of one cuboid.
``Chosen`` says which of them are published; choosing is ``protect.planning``'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.disclosure.protect.planning import NO_CUBOID, Cuboid, Plan, Table, Targets
from reports.disclosure.protect.system import Flags
from reports.disclosure.tables_of_cells import TOTAL, Given, GivenTable, Nodes


@dataclass(frozen=True)
class Levels:
    """The levels of the dimensions of some tables: of every code its depth, and what the levels are
    called.
    """

    depth: Mapping[str, Mapping[str, int]]
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, given: Given) -> Levels:
        """From the hierarchies, with the names of their columns where they came in files."""
        depth = {name: dict(_depths(parents)) for name, parents in given.parents.items()}
        return cls(depth, {name: _names(name, codes, given) for name, codes in depth.items()})

    def cuboid(self, nodes: Iterable[tuple[str, str]]) -> Cuboid:
        """The cuboid of a cell, given as pairs of dimension and code."""
        return tuple(sorted((d, self.depth[d][code]) for d, code in nodes if code != TOTAL))

    def text(self, cuboid: Cuboid) -> str:
        """A cuboid in words: the names of its levels, with the dimension where two share a name."""
        words = [self.names[d][level - 1] for d, level in cuboid]
        shown = [
            word if self._is_clear[word] == 1 else f"{word} of {d}"
            for word, (d, _) in zip(words, cuboid, strict=True)
        ]
        return " × ".join(shown) or "the total"

    @cached_property
    def _is_clear(self) -> Counter[str]:
        return Counter(name for names in self.names.values() for name in names)


@dataclass(frozen=True)
class Chosen:
    """Which cuboids of the tables are published, by the planner, and how it came to that."""

    levels: Levels
    targets: Targets
    table: Table
    plan: Plan

    def publishes(self, table: GivenTable, nodes: Nodes) -> bool:
        """Whether a cell belongs to a cuboid that is published."""
        return self.levels.cuboid(zip(table.dimensions, nodes, strict=True)) in self.published

    @property
    def has_row(self) -> Flags:
        """Of each cell of the system whether it has a row in public; what rounding left over counts too."""
        return self.table.within(self.plan.best.published | {NO_CUBOID})

    @cached_property
    def published(self) -> tuple[Cuboid, ...]:
        """The cuboids that are published, coarsest first."""
        return self._sorted(self.plan.best.published)

    @cached_property
    def withheld(self) -> tuple[Cuboid, ...]:
        """The cuboids that are not."""
        return self._sorted(frozenset(range(len(self.table.cuboids))) - self.plan.best.published)

    def _sorted(self, numbers: frozenset[int]) -> tuple[Cuboid, ...]:
        found = (self.table.cuboids[n] for n in numbers)
        return tuple(sorted(found, key=lambda cuboid: (sum(level for _, level in cuboid), cuboid)))


def _depths(parents: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    for code in parents:
        depth, above = 1, parents[code]
        while above != TOTAL:
            depth, above = depth + 1, parents[above]
        yield code, depth


def _names(dimension: str, depths: Mapping[str, int], given: Given) -> tuple[str, ...]:
    deepest = max(depths.values(), default=1)
    named = given.level_names.get(dimension, ())
    if len(named) >= deepest:
        return named[:deepest]
    return (dimension,) if deepest == 1 else tuple(f"{dimension} {n}" for n in range(1, deepest + 1))
