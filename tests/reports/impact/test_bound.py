"""The bound of the soak's page: closed forms, and the estimators that it must lie below, but not by much."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reports.impact.drift_and_dip import drift_and_dip
from reports.impact.imputation import imputation
from reports.impact.panel import Window
from reports.impact.results import Estimate
from tests.reports.impact.bound import bound, shortest
from tests.reports.impact.worlds import NOISE, SHOCK, WORLDS, World, draw

NONE, PERSISTENT = WORLDS[0], WORLDS[4]


def test_default_equals_its_closed_form_where_shocks_do_not_last_and_growth_is_equal() -> None:
    world = World("white", rho=0.0, slope_sd=0.0, effect=0.0)
    quarters = np.arange(world.history, world.history + 8)
    variance = (NOISE**2 + SHOCK**2) * np.mean(1 / 5 + 1 / (quarters - 4))
    assert bound(world, 2).default == pytest.approx(np.sqrt(variance / (3000 * 0.153)))


def test_dip_quarters_cost_width_and_history_buys_it_back() -> None:
    ratios = [[bound(world, lags).ratio for lags in (1, 2, 3, 4)] for world in (NONE, NONE.short())]
    assert ratios == [sorted(row) for row in ratios]
    assert all(long < short for long, short in zip(*ratios, strict=True))
    assert bound(PERSISTENT, 2).ratio > bound(NONE, 2).ratio


def test_shortest_interval_is_the_expected_length_of_one_that_is_built_for_zero() -> None:
    drawn = np.random.default_rng(1).normal(size=400_000)
    reach = 1.6448536
    length = np.maximum(0, drawn + reach) - np.minimum(0, drawn - reach)
    assert length.mean() / (2 * 1.9599640) == pytest.approx(shortest(), abs=2e-3)


@pytest.mark.parametrize("world", [NONE, PERSISTENT.short()], ids=["none", "persistent, short"])
def test_estimators_lie_above_the_bound_but_not_by_much(world: World) -> None:
    """Comparison workers are six times as many as participants: that costs about 8 % of the width."""
    lags = 4 if world.history >= 20 else 2
    least, errors = bound(world, lags), []
    for seed in range(8):
        panel = draw(replace(world, dip=0.0), seed).panel
        found = (imputation(panel), drift_and_dip(panel, Window(), (lags,))[lags].raw)  # type: ignore[union-attr]
        errors.append([one.se for one in found if isinstance(one, Estimate)])
    mean = np.array(errors).mean(axis=0)
    assert mean[0] == pytest.approx(1.08 * least.default, rel=0.15)
    assert mean[1] == pytest.approx(1.08 * least.careful, rel=0.15)
