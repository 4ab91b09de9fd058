"""The demo prints the decisions behind its numbers and the state of its actions as they were planted."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Planted

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


def test_rule_in_force_is_the_newest_that_was_decided(planted: Planted) -> None:
    truth = planted.truth("governance")["rule_in_force"]
    rule = planted.mart("agg_rules_in_force").set_index("rule_name").loc[truth["rule"]]
    assert (rule["version_in_force"], rule["decision_id"]) == (truth["version"], truth["decision_id"])
    assert rule["state"] == "AGREED"


def test_every_published_measure_names_its_decision(planted: Planted) -> None:
    rules = planted.published("metric_rules")
    assert set(rules["decision_id"]) == {planted.truth("governance")["metric_decision"]}


def test_closed_loop_is_the_one_planted(planted: Planted) -> None:
    truth = planted.truth("governance")["closed_loop"]
    body = planted.mart("agg_bodies").set_index("body_id").loc["STEERING"]
    assert {name: body[f"{name}_actions"] for name in truth} == truth
    changed = planted.published("since_last_meeting")
    assert {"ACTION", "ALERT"} <= set(changed["kind"])
