"""Time to fill and internal fill as drawn, by hand and by their restatement."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.systems import restated_demand

pytestmark = pytest.mark.xdist_group("transforms")

GROUP = ["group_dim", "group_value"]


@pytest.fixture(scope="module")
def waits(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("agg_time_to_fill").set_index(GROUP)


def test_trap_27_cancelling_competes_and_the_naive_median_is_too_early(waits: pd.DataFrame) -> None:
    # At risk 5, 4, 3, 2, 1. Filled: 1/5 by day 10; two cancelled leave 2/5 open; + 2/5 × 1/2 by day 20
    # makes 2/5; + 1/5 × 1/1 by day 30 makes 3/5. With the cancelled as lost from sight: 1 − 4/5 × 1/2 = 3/5
    # by day 20.
    welders = waits.loc[("occupation", "51-4121")]
    assert (welders["median_days"], welders["median_days_if_censored"]) == (30, 20)


def test_waiting_starts_with_approval_else_with_opening(warehouse: Warehouse) -> None:
    days = warehouse.read("int_seats__resolved").set_index("line_id")["waited_days"]
    assert days["F1|R1|1"] == 10
    assert days["F1|R2|0"] == 20


def test_seats_weigh_and_not_lines(waits: pd.DataFrame) -> None:
    nurses = waits.loc[("occupation", "31-1131")]
    assert (nurses["seats"], nurses["filled_seats"], nurses["open_seats"]) == (10, 6, 4)
    assert nurses["median_days"] == 1


def test_what_happens_after_the_announced_day_is_not_known(waits: pd.DataFrame) -> None:
    helpers = waits.loc[("occupation", "15-1232")]
    assert (helpers["seats"], helpers["open_seats"]) == (1, 1)
    assert pd.isna(helpers["median_days"])


def test_internal_fill_is_over_filled_seats(warehouse: Warehouse) -> None:
    filled = warehouse.read("agg_internal_fill").set_index("role")
    assert (filled.loc["all", "internal_seats"], filled.loc["all", "filled_seats"]) == (7, 9)
    assert (filled.loc["critical", "internal_seats"], filled.loc["critical", "filled_seats"]) == (6, 7)


def test_time_to_fill_equals_its_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    joined = side_by_side(warehouse.read("agg_time_to_fill"), restated_demand.time_to_fill(lake), GROUP)
    counts = ["seats", "filled_seats", "cancelled_seats", "open_seats"]
    assert_equal(
        joined, [*counts, "first_quarter", "last_quarter"], ["median_days", "median_days_if_censored"]
    )


def test_time_to_fill_contributors_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    restated = restated_demand.time_to_fill_contributors(lake)
    joined = side_by_side(
        warehouse.read("agg_time_to_fill_contributors"), restated, [*GROUP, "parent_group_id"]
    )
    assert_equal(joined, ["persons", "numerator_persons"])


def test_internal_fill_equals_its_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    joined = side_by_side(warehouse.read("agg_internal_fill"), restated_demand.internal_fill(lake), ["role"])
    shares = ["internal_share", "internal_lower", "internal_upper"]
    assert_equal(joined, ["filled_seats", "internal_seats"], shares)
