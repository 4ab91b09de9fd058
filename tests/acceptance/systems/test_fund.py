"""The demo's fund: what the rules ask is what was booked, the ledger foots, and its tables are published."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.acceptance.conftest import Planted

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


def test_assessments_reckoned_from_the_rules_are_those_booked(planted: Planted) -> None:
    statements, truth = planted.mart("fct_contribution_statements"), planted.truth("funding")
    assert set(statements["difference_usd"].dropna()) == {Decimal(truth["booked_less_asked_usd"])}
    stated = planted.mart("agg_assessments")
    assert sorted(set(stated["funding_rule_version"])) == truth["versions"]
    is_booked = statements["difference_usd"].notna()
    assert statements.loc[is_booked, "period"].nunique() == truth["quarters"]
    # The quarter that ended since the operator closed the books is asked for, and not in arrears.
    assert set(stated["period"]) - set(statements.loc[is_booked, "period"]) == {"2026Q3"}


def test_accounts_by_size_and_gifts_are_published(planted: Planted) -> None:
    accounts = planted.published("contributions_by_size")
    assert set(accounts["metric_id"]) == {"account_assessed", "account_paid", "account_matched"}
    assert set(accounts["value_status"]) <= {1, 5}
    assert set(planted.published("gifts_in_kind")["value_status"]) == {1}


def test_outlay_leans_against_the_planted_downturn(planted: Planted) -> None:
    rule = planted.published("outlay_rule").set_index("period")
    assert rule.loc["2026Q3", "factor"] == planted.truth("funding")["outlay_factor_after_the_downturn"]
    assert rule.loc["2025Q4", "factor"] == 1
    assert rule.loc["2026Q4", "state"] == "NOT_ENOUGH_DATA"


def test_firms_by_balance_and_public_benefits_go_through_the_gate(planted: Planted) -> None:
    for table in ("contribution_balance", "public_benefits"):
        assert set(planted.published(table)["value_status"]) <= {1, 5}, table
    benefits = planted.published("public_benefits")
    assert (benefits["value_lower"] <= benefits["value_upper"]).all()
