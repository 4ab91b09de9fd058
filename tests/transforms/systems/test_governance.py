"""Decisions, bodies and actions as drawn: by hand and by their restatement."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.systems import restated_governance

pytestmark = pytest.mark.xdist_group("transforms")

RULE = ["subject_code", "rule_name"]


@pytest.fixture(scope="module")
def rules(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("agg_rules_in_force").set_index(RULE)


@pytest.fixture(scope="module")
def bodies(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("agg_bodies").set_index("body_id")


def test_rule_in_force_is_that_of_the_newest_standing_decision(rules: pd.DataFrame) -> None:
    levy = rules.loc[("FUNDING_RULE", "PAY")]
    assert (levy["decision_id"], levy["version_in_force"], levy["state"]) == ("DEC-2", "2.0", "AGREED")
    assert levy["rationale"] == "Costs must be met"


def test_register_that_differs_from_its_decision_is_told(rules: pd.DataFrame) -> None:
    assert rules.loc[("FUNDING_RULE", "DUES"), "state"] == "DIFFERENT"
    assert rules.loc[("FUNDING_RULE", "LAB"), "state"] == "UNDECIDED"
    assert rules.loc[("DISCLOSURE_POLICY", "BOARD"), "state"] == "DECIDED"


def test_every_metric_names_the_decision_behind_its_rules(warehouse: Warehouse) -> None:
    metrics = warehouse.read("agg_metric_rules").set_index("metric_id")
    assert metrics.loc["employment_rate_q2", ["decision_id", "is_decided"]].tolist() == ["DEC-3", True]
    assert metrics.loc["completion_rate", ["decision_id", "is_decided"]].tolist() == ["DEC-9", False]
    assert len(metrics) == len(warehouse.read("metric_definitions"))


def test_body_decides_only_when_enough_voting_seats_are_held(bodies: pd.DataFrame) -> None:
    assert (bodies.loc["STEER", "voting_seats"], bodies.loc["STEER", "can_decide"]) == (2, True)
    assert (bodies.loc["DATA", "voting_seats"], bodies.loc["DATA", "can_decide"]) == (1, False)
    assert "OLD" not in bodies.index


def test_closed_loop_counts_what_was_done_of_what_was_due(bodies: pd.DataFrame) -> None:
    # Due: X1 (done), X2 and X5 (overdue), X3 (dropped). X4 is not due, X6 was merged, X7 is agreed later.
    loop = bodies.loc["STEER"]
    assert (loop["done_actions"], loop["due_actions"], loop["overdue_actions"]) == (1, 4, 2)
    assert loop["closed_loop_share"] == pytest.approx(0.25)


def test_since_the_last_meeting_lists_what_changed_after_it(warehouse: Warehouse) -> None:
    changes = warehouse.read("agg_since_last_meeting")
    steer = changes[changes["body_id"] == "STEER"]
    found = set(zip(steer["thing_id"], steer["change"], strict=True))
    assert found == {("X2", "OPENED"), ("X2", "FELL_DUE"), ("X3", "CLOSED_DROPPED")}


def test_rules_in_force_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    joined = side_by_side(
        warehouse.read("agg_rules_in_force"), restated_governance.rules_in_force(lake), RULE
    )
    assert_equal(joined, ["decision_id", "version_in_force", "state"])


def test_bodies_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    mart = warehouse.read("agg_bodies")
    joined = side_by_side(mart, restated_governance.bodies(lake), ["body_id"])
    counts = ["seats", "held_seats", "voting_seats", "overdue_actions", "done_actions", "due_actions"]
    assert_equal(joined, [*counts, "has_chair", "can_decide", "last_meeting_date"], ["closed_loop_share"])


def test_changes_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    mart = warehouse.read("agg_since_last_meeting")
    columns = ["body_id", "kind", "thing_id", "change", "changed_date"]
    found = set(mart[columns].itertuples(index=False, name=None))
    assert found == restated_governance.since_last_meeting(lake)
