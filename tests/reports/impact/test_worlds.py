"""A small fixed set of the soak: in each world the words that may be used, over a few seeds."""

from __future__ import annotations

import pytest

from reports.impact.verdict import Verdict
from tests.reports.impact.replication import Replication, replicate, summarize
from tests.reports.impact.worlds import WORLDS, World

SEEDS = range(900, 906)
BY_NAME = {world.name: world for world in WORLDS}


def _runs(world: World) -> list[Replication]:
    return [replicate(world, seed) for seed in SEEDS]


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_careful_interval_holds_the_truth(world: World) -> None:
    # At 93 % three misses of six have a chance below one in two hundred.
    assert sum(one.covers["governing"] for one in _runs(world)) >= 4


@pytest.mark.parametrize("name", ["none", "dip", "firm trough"])
def test_default_interval_holds_the_truth_where_trends_are_parallel(name: str) -> None:
    assert sum(one.covers["default"] for one in _runs(BY_NAME[name])) >= 4


def test_default_alone_would_cheer_and_the_words_do_not_where_growth_was_picked_and_nothing_works() -> None:
    runs = _runs(BY_NAME["faster growth"].without_effect())
    found = summarize(runs)
    assert found.default_positive == 1.0
    assert found.coverage["default"] == 0.0
    assert sum(one.verdict == Verdict.POSITIVE for one in runs) <= 1


def test_effect_is_found_where_it_is_there_and_history_is_long() -> None:
    assert summarize(_runs(BY_NAME["dip"])).positive > 0.5


def test_short_history_widens_the_careful_interval() -> None:
    long, short = summarize(_runs(BY_NAME["dip"])), summarize(_runs(BY_NAME["dip"].short()))
    assert long.width["governing"] < short.width["governing"]
