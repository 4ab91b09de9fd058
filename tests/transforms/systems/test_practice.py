"""Surveys, awards, time to productivity and apprentices' pay as drawn, by hand and by their restatement."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import key_of
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.restatement import Restatement
from tests.transforms.systems import restated_practice

pytestmark = pytest.mark.xdist_group("transforms")


def test_scales_are_put_on_one_and_silence_is_no_answer(warehouse: Warehouse) -> None:
    scores = warehouse.read("agg_survey_scores").set_index("group_value")
    level = scores.loc["L1"]
    assert (level["asked"], level["responders"], level["answers"]) == (4, 3, 4)
    assert level["mean_score"] == pytest.approx((1.0 + 0.5 + 0.0 + 1.0) / 4)


def test_instrument_that_too_few_answered_is_not_stated(warehouse: Warehouse) -> None:
    scores = warehouse.read("agg_survey_scores")
    assert {"L3", "L3-A"}.isdisjoint(scores["group_value"])


def test_survey_scores_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    restated = restated_practice.survey_scores(lake)
    joined = side_by_side(warehouse.read("agg_survey_scores"), restated, ["group_dim", "group_value"])
    assert_equal(joined, ["asked", "responders", "answers"], ["response_share"])
    for column in ("mean_score", "score_lower", "score_upper"):
        assert list(joined[column]) == pytest.approx(list(joined[f"{column}_restated"]), abs=1e-8)


def test_award_without_an_amount_is_in_no_mean(warehouse: Warehouse) -> None:
    awards = warehouse.read("agg_incentive_awards").set_index(["tier", "award_year"])
    assert awards.loc[("2", 2024), "mean_award_usd"] == pytest.approx(500.0)
    assert awards.loc[("all", 2024), "awards"] > awards.loc[("all", 2024), "financial_awards"]


def test_incentive_awards_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    expected = restated_practice.incentive_awards(restated)
    joined = side_by_side(warehouse.read("agg_incentive_awards"), expected, ["tier", "award_year"])
    counts = ["awards", "persons", "financial_awards", "participants", "is_inflating"]
    assert_equal(joined, counts, ["mean_award_usd", "mean_award_growth", "qualifying_share"])


def test_milestone_after_the_announced_day_is_not_reached(warehouse: Warehouse) -> None:
    days = warehouse.read("agg_time_to_productivity").set_index(["metric_id", "group_value"])
    assert days.loc[("time_to_productivity", "all"), "reached"] == 3
    assert days.loc[("time_to_proficiency", "all"), "reached"] == 5


def test_who_left_before_the_milestone_is_lost_from_sight_and_not_late(warehouse: Warehouse) -> None:
    days = warehouse.read("agg_time_to_productivity").set_index(["metric_id", "group_value"])
    hires = days.loc[("time_to_proficiency", "program_hire")]
    assert (hires["jobs"], hires["reached"]) == (3, 3)
    assert (hires["median_days"], hires["at_risk_at_median"]) == (30, 2)


def test_time_to_productivity_equals_its_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    restated = restated_practice.time_to_productivity(lake)
    key = ["metric_id", "group_dim", "group_value"]
    joined = side_by_side(warehouse.read("agg_time_to_productivity"), restated, key)
    assert_equal(joined, ["jobs", "reached"], ["median_days", "at_risk_at_median"])


def test_only_whole_quarters_on_a_step_are_held_against_its_rate(warehouse: Warehouse) -> None:
    paid = warehouse.read("int_steps__paid")
    mine = paid[paid["learner_key"] == key_of("stepper")]
    assert dict(zip(mine["year_quarter"], mine["is_on_step"], strict=True)) == {
        "2024Q3": True,
        "2024Q4": False,
        "2025Q2": True,
    }


def test_on_step_rates_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    joined = side_by_side(warehouse.read("agg_on_step"), restated_practice.on_step(lake), ["step"])
    shares = ["on_step_share", "on_step_lower", "on_step_upper"]
    assert_equal(joined, ["persons", "quarters", "on_step"], shares)


def test_contributors_add_up_to_their_marts(warehouse: Warehouse) -> None:
    for mart, key, whole in (
        ("agg_time_to_productivity", ["metric_id", "group_dim", "group_value"], "jobs"),
        ("agg_on_step", ["step"], "quarters"),
        ("agg_incentive_awards", ["tier", "award_year"], "financial_awards"),
    ):
        behind = warehouse.read(f"{mart}_contributors").groupby(key)["persons"].sum()
        stated = warehouse.read(mart).set_index(key)[whole]
        joined = pd.concat([behind, stated], axis=1).fillna(0)
        assert (joined["persons"] == joined[whole]).all(), mart
