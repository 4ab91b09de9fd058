"""The demo finds the pilots, the tier and the alert that were planted in it."""

from __future__ import annotations

import pytest

from tests.acceptance.conftest import Planted

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


def test_pilots_get_the_verdicts_that_were_planted(planted: Planted) -> None:
    verdicts = planted.mart("agg_pilot_verdicts").set_index("cohort_id")["verdict"]
    assert verdicts.to_dict() == planted.truth("steering")["pilots"]


def test_tier_that_asks_for_too_many_people_has_not_enough_data(planted: Planted) -> None:
    tiers = planted.mart("agg_tier_decisions")
    too_large = planted.truth("steering")["tier_without_enough_data"]
    assert set(tiers.loc[tiers["tier_id"] == too_large, "decision"]) == {"NOT_ENOUGH_DATA"}
    assert "PASS" in set(tiers.loc[tiers["tier_id"] != too_large, "decision"])


def test_planted_dip_raises_the_alert_and_the_register_says_who_owns_it(planted: Planted) -> None:
    truth, alerts = planted.truth("steering")["alert"], planted.mart("agg_alerts")
    found = alerts[(alerts["alert_kind_code"] == "P_CHART") & (alerts["member"] == "consortium")]
    row = found.set_index("alert_id").loc[truth["alert_id"]]
    assert {name: row[name] for name in ("metric_id", "cohort_quarter", "side", "owner_seat_id")} == {
        name: truth[name] for name in ("metric_id", "cohort_quarter", "side", "owner_seat_id")
    }
    assert row["state"] == "OPEN"


def test_fees_fall_due_for_mature_cohorts_only(planted: Planted) -> None:
    payables = planted.mart("agg_performance_payables")
    assert {"DUE", "HELD_BACK"} <= set(payables["state"])
    immature = payables[payables["maturity"] != "MATURE"]
    assert (immature["due_usd"] == 0).all()


def test_verdicts_and_payables_are_published(planted: Planted) -> None:
    for table in ("alert_signals", "tier_gates", "performance_payables", "pilot_verdicts"):
        assert set(planted.published(table)["value_status"]) <= {1, 5, -1}, table
    signals = planted.published("alert_signals")
    assert -1 in set(signals.loc[signals["value_status"] == 1, "value"])
