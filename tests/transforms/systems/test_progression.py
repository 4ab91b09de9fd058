"""Progression on ladders as drawn, by hand and by its restatement."""

from __future__ import annotations

import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import key_of
from tests.transforms.restatement import Restatement
from tests.transforms.systems import restated_progression

pytestmark = pytest.mark.xdist_group("transforms")


@pytest.mark.parametrize(
    ("nickname", "days", "advanced"),
    [("gap89", 275, True), ("two_jobs", 867, False), ("year_day", 500, False)],
)
def test_the_earlier_of_two_rungs_counts_and_one_of_the_same_day_or_of_tomorrow_does_not(
    warehouse: Warehouse, nickname: str, days: int, advanced: bool
) -> None:
    steps = warehouse.read("int_ladder_steps__followed")
    mine = steps[(steps["learner_key"] == key_of(nickname)) & (steps["credential"] == "all")].iloc[0]
    assert (mine["days"], mine["has_advanced"]) == (days, advanced)


def test_what_is_only_advised_not_yet_in_force_or_ended_is_no_rung(warehouse: Warehouse) -> None:
    assert "DIPLOMA" not in set(warehouse.read("int_ladder_steps__followed")["credential_id"])


def test_number_at_risk_is_stated_beside_the_share(warehouse: Warehouse) -> None:
    progress = warehouse.read("agg_stack_progression").set_index(["credential", "quarters_since"])
    assert progress.loc[("WELD-CERT", 8), "at_risk"] < progress.loc[("WELD-CERT", 1), "at_risk"]
    assert progress.loc[("WELD-CERT", 8), "advanced"] == 1


def test_stack_progression_equals_its_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    expected = restated_progression.stack_progression(restated)
    key = ["credential", "quarters_since"]
    joined = side_by_side(warehouse.read("agg_stack_progression"), expected, key)
    assert_equal(joined, ["holders", "advanced", "at_risk"], ["advanced_share"])
