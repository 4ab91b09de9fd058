"""A plan of levels in words and figures: for the terminal, the pages and ``plan.json``.

Shares are rounded down, so that nobody reads more than there is. Planning is ``protect.planning``'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from reports.disclosure.levels import Chosen
from reports.disclosure.protect.planning import Counted, Cuboid, Dropped, Try, counted


@dataclass(frozen=True)
class Words:
    """What is said of a plan: ``published`` and ``withheld`` levels in words with how it is with them."""

    summary: str
    published: tuple[tuple[str, str], ...]
    withheld: tuple[tuple[str, str], ...]
    tries: tuple[str, ...]

    @property
    def lines(self) -> Iterator[str]:
        """For a terminal."""
        yield from (f"Published: {level} ({how})" for level, how in self.published)
        yield from (f"Not published: {level} ({why})" for level, why in self.withheld)
        yield self.summary


def words_of(chosen: Chosen) -> Words:
    """A plan in words."""
    best = chosen.plan.best
    number = {cuboid: n for n, cuboid in enumerate(chosen.table.cuboids)}
    published = [(chosen.levels.text(one), _kept(chosen, number[one])) for one in chosen.published]
    withheld = [
        (chosen.levels.text(chosen.table.cuboids[one.cuboid]), _why(one)) for one in chosen.plan.dropped
    ]
    tries = [f"{_levels(one, chosen)}: {shares(one.counted)}" for one in chosen.plan.tries]
    return Words(
        f"{_levels(best, chosen)} are published; {shares(best.counted)}",
        tuple(published),
        tuple(withheld),
        tuple(tries),
    )


def shares(found: Counted) -> str:
    """How much of what is published is shown."""
    shown = found.cells - found.hidden
    return (
        f"{shown:,} of their {found.cells:,} cells that are not empty ({percent(found.cells_share)}) "
        f"and {percent(found.value_share)} of the value are shown"
    )


def percent(share: Fraction) -> str:
    """A share, rounded down to a tenth of a percent."""
    return f"{int(share * 1000) / 10:.1f} %"


def _levels(one: Try, chosen: Chosen) -> str:
    return f"{len(one.published)} of {len(chosen.table.cuboids)} combinations of levels"


def _kept(chosen: Chosen, cuboid: int) -> str:
    found = counted(chosen.table, frozenset({cuboid}), chosen.plan.best.pattern.hidden)
    return f"{found.cells - found.hidden:,} of {found.cells:,} cells shown"


def _why(one: Dropped) -> str:
    return (
        f"of the finest then left, the rules hid most of it: {one.primary.hidden:,} of "
        f"{one.primary.cells:,} cells"
    )


def plan_said(chosen: Chosen) -> Mapping[str, Any]:
    """A plan as data, for the operator: shares as exact fractions."""
    return {
        "targets": {"cells": str(chosen.targets.cells), "value": str(chosen.targets.value)},
        "names": {name: [*words] for name, words in chosen.levels.names.items()},
        "published": [_said(chosen, cuboid) for cuboid in chosen.published],
        "dropped": [
            _said(chosen, chosen.table.cuboids[one.cuboid])
            | {"cells": one.primary.cells, "hidden_by_rules": one.primary.hidden}
            for one in chosen.plan.dropped
        ],
        "tries": [
            {
                "published": len(one.published),
                "is_protected": one.is_protected,
                "cells": one.counted.cells,
                "cells_hidden": one.counted.hidden,
                "cells_share": str(one.counted.cells_share),
                "value_share": str(one.counted.value_share),
            }
            for one in chosen.plan.tries
        ],
        "all_cells": int(chosen.table.counts.sum()),
    }


def _said(chosen: Chosen, cuboid: Cuboid) -> dict[str, Any]:
    return {"levels": dict(cuboid), "name": chosen.levels.text(cuboid)}
