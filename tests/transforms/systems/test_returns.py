"""What training took, and how fast seats were filled, by hand and by their restatement."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restatement import Restatement
from tests.transforms.systems.restated_returns import fill_channels, training_costs

pytestmark = pytest.mark.xdist_group("transforms")


def test_training_costs_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    keys = ["funding_source", "category_code"]
    joined = side_by_side(warehouse.read("agg_training_costs"), training_costs(restated), keys)
    assert {"TUITION", "ADMIN", "SPACE"} <= set(joined["category_code"])
    assert_equal(joined, [], ["amount_usd", "used_usd_real"])


def test_training_costs_leave_out_what_was_used_twice_and_what_comes_later(warehouse: Warehouse) -> None:
    costs = warehouse.read("agg_training_costs").set_index(["funding_source", "category_code"])
    # 700.00 of a room given in kind are booked as a gift, never as money; 100.00 of the quarter that has
    # not ended are left out.
    assert ("IN_KIND", "FACILITY") not in costs.index
    assert costs.loc[("EMPLOYER", "TUITION"), "amount_usd"] == Decimal("7760.55")


def test_gifts_are_split_by_parent_to_the_cent(warehouse: Warehouse) -> None:
    gifts = warehouse.read("agg_training_costs").query("funding_source == 'IN_KIND'")
    behind = warehouse.read("agg_training_cost_contributors").groupby("category_code")["amount_usd"].sum()
    assert dict(zip(gifts["category_code"], gifts["amount_usd"], strict=True)) == behind.to_dict()


def test_seats_filled_both_ways_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = side_by_side(warehouse.read("agg_fill_channels"), fill_channels(restated), ["channel"])
    assert_equal(joined, ["seats"], ["mean_days", "mean_lower", "mean_upper"])


def test_days_saved_are_within_occupations_that_fill_both_ways(warehouse: Warehouse) -> None:
    channels = warehouse.read("agg_fill_channels").set_index("channel")
    # Welders: 10 days out of the program, 20 and 30 otherwise. Nurses fill one way only and are left out.
    assert channels["mean_days"].to_dict() == pytest.approx({"program": 10, "other": 25, "saved": 15})
    assert channels["seats"].to_dict() == {"program": 1, "other": 2, "saved": 3}
    assert pd.notna(channels.loc["saved", "mean_lower"])
