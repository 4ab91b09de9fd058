"""The demo finds the occupations that were planted as short, and every seat."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Planted

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


def test_seats_are_those_planted(planted: Planted) -> None:
    everyone = planted.mart("agg_time_to_fill").set_index("group_value").loc["all"]
    truth = planted.truth("demand")["seats"]
    assert everyone["filled_seats"] == truth["filled"]
    assert everyone["cancelled_seats"] == truth["cancelled"]
    assert everyone["open_seats"] == truth["open"]


def test_short_occupations_are_those_whose_seats_wait_longest(planted: Planted) -> None:
    waits = planted.mart("agg_time_to_fill")
    by_occupation = waits[waits["group_dim"] == "occupation"].sort_values("median_days", ascending=False)
    assert set(by_occupation["group_value"].head(2)) == set(planted.truth("demand")["short_occupations"])


def test_time_to_fill_of_all_seats_is_published(planted: Planted) -> None:
    table = planted.published("time_to_fill")
    assert list(table.loc[table["group_dim"] == "all", "value_status"]) == [1]
