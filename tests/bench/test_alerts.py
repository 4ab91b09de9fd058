"""The simulation of false alarms can see an alarm: a rate that does change is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.bench.alerts import COHORTS, steady
from tests.transforms.systems.restated_steering import LIMIT, cusum, p_chart, side


def test_steady_series_is_the_same_when_the_seed_is() -> None:
    one, two = (steady(125, 0.8, np.random.default_rng(7)) for _ in range(2))
    assert one == two
    assert len(one) == COHORTS


def test_charts_see_a_rate_that_falls_to_half() -> None:
    series = steady(125, 0.8, np.random.default_rng(7))
    fallen = [*series[:-1], replace(series[-1], hits=50)]
    center = p_chart(fallen)[-1]
    assert center is not None
    assert side(50 / 125, *center[1:]) == "LOW"
    assert cusum(fallen)[-1][0] > LIMIT
