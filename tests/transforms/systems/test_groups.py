"""Outcomes by groups of people: who is in which group, by hand, and every figure by its restatement."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.grids import key_of
from tests.transforms.restatement import Restatement
from tests.transforms.systems.restated_groups import KEY, Groups

pytestmark = pytest.mark.xdist_group("transforms")

TOPICS = ("equity", "support", "incentive", "mentoring", "delivery")
COUNTS = ["cohort_start", "cohort_end", "newest_quarter", "numerator", "denominator", "persons"]
VALUES = ["value", "value_fuzzy", "value_lower", "value_upper"]
GAPS = ["gap", "gap_lower", "gap_upper", "ratio", "matched_gap"]


@pytest.fixture(scope="module")
def groups(restated: Restatement) -> Groups:
    return Groups(restated)


def _of(warehouse: Warehouse, model: str, nickname: str) -> dict[str, str]:
    rows = warehouse.read(model)
    mine = rows[rows["participation_id"].str.startswith(key_of(nickname))].iloc[0]
    return {str(name): value for name, value in mine.items()}


def test_support_stands_on_a_side_only_where_it_was_wanted(warehouse: Warehouse) -> None:
    rows = warehouse.read("int_supports__by_participation")
    found: dict[str, dict[str, str]] = {}
    for name in ("gap89", "two_jobs", "tied", "december", "on_the_job"):
        mine = rows[rows["participation_id"].str.startswith(key_of(name))]
        found[name] = dict(zip(mine["support"], mine["standing"], strict=True))
    assert found == {
        "gap89": {"transport": "provided", "childcare": "unmet", "any": "provided"},
        "two_jobs": {"transport": "unmet", "any": "unmet"},
        "tied": {},
        "december": {"transport": "unmet", "any": "unmet"},
        "on_the_job": {},
    }


@pytest.mark.parametrize(
    ("nickname", "incentive", "kind"),
    [
        ("two_jobs", "awarded", "financial"),
        ("tied", "none", "none"),
        ("december", "awarded", "time"),
        ("diploma", "awarded", "recognition"),
    ],
)
def test_only_an_award_before_the_outcome_counts(
    warehouse: Warehouse, nickname: str, incentive: str, kind: str
) -> None:
    row = _of(warehouse, "int_incentives__by_participation", nickname)
    assert (row["incentive"], row["incentive_type"]) == (incentive, kind)


@pytest.mark.parametrize(
    ("nickname", "sessions", "dose", "mode"),
    [
        ("two_jobs", 8, "8_or_more", "peer_circle"),
        ("tied", 7, "4_to_7", "one_to_one"),
        ("december", 3, "1_to_3", "micro"),
        ("gap90", 0, "none", "none"),
    ],
)
def test_sessions_of_a_circle_are_held_once(
    warehouse: Warehouse, nickname: str, sessions: int, dose: str, mode: str
) -> None:
    row = _of(warehouse, "int_mentoring__by_participation", nickname)
    assert (row["sessions"], row["mentoring_dose"], row["mentoring_mode"]) == (sessions, dose, mode)


def test_nine_and_blank_are_no_answers_and_held_against_nobody(warehouse: Warehouse) -> None:
    equity = warehouse.read("agg_equity_outcomes")
    residual = equity[equity["group_value"] == "undisclosed_or_small"]
    assert len(residual) > 0
    assert residual["gap"].isna().all()
    assert "undisclosed_or_small" not in set(equity["reference_value"].dropna())


def test_groups_of_fewer_than_min_persons_are_not_computed(warehouse: Warehouse) -> None:
    assert all(warehouse.read(f"agg_{topic}_outcomes")["persons"].min() >= 5 for topic in TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_outcomes_of_groups_equal_their_restatement(warehouse: Warehouse, groups: Groups, topic: str) -> None:
    joined = side_by_side(warehouse.read(f"agg_{topic}_outcomes"), groups.outcomes(topic), KEY)
    assert len(joined) >= 2
    assert_equal(joined, [*COUNTS, "reference_value", "is_flagged", "matched_persons"], [*VALUES, *GAPS])
    for column in ("p_value", "q_value"):
        here, there = joined[column].astype("float64"), joined[f"{column}_restated"].astype("float64")
        assert list(here) == pytest.approx(list(there), rel=1e-6, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("topic", TOPICS)
def test_contributors_of_groups_equal_their_restatement(
    warehouse: Warehouse, groups: Groups, topic: str
) -> None:
    mart = warehouse.read(f"agg_{topic}_outcomes_contributors")
    joined = side_by_side(mart, groups.contributors(topic), [*KEY, "parent_group_id"])
    is_rate = joined["metric_id"] != "median_earnings_q2"
    assert_equal(joined, ["persons", "amount_usd"])
    assert_equal(joined[is_rate], ["numerator_persons"])


def test_flag_needs_four_fifths_an_interval_and_a_controlled_rate_of_false_findings(
    warehouse: Warehouse,
) -> None:
    drawn = pd.concat([warehouse.read(f"agg_{topic}_outcomes") for topic in TOPICS])
    flagged = (drawn["ratio"] < 0.8 - 1e-9) & (drawn["gap_lower"] > 0) & (drawn["q_value"] <= 0.05)
    assert list(drawn["is_flagged"]) == list(flagged.fillna(value=False))
    assert (drawn["q_value"].dropna() >= drawn["p_value"].dropna() - 1e-12).all()
