"""Funding rules, statements, gifts in kind and the age of money, by hand and by their restatement."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restatement import Restatement
from tests.transforms.systems.restated_assessments import Assessments, round_to

pytestmark = pytest.mark.xdist_group("transforms")

CHARGE = ["rule_id", "period", "firm_id"]


@pytest.fixture(scope="module")
def charged(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("fct_assessments").set_index(CHARGE)


@pytest.fixture(scope="module")
def rules(restated: Restatement) -> Assessments:
    return Assessments(restated)


def test_payroll_rule_takes_exemption_relief_floor_and_cap(charged: pd.DataFrame) -> None:
    # F1: 0.3333 % of (2,000,000 booked − 25,000 exempt a quarter). F2: half of 0.3333 % of 350,000. F5: a
    # third of 0.3333 % of 58,333.33. F4 has no payroll: the floor. F6: 36,579.68 would be above the cap.
    asked = charged.loc["PAY"].xs("2024Q1")["assessed_usd"]
    assert asked["F1"] == Decimal("6582.68")
    assert (asked["F2"], asked["F5"]) == (Decimal("583.27"), Decimal("64.81"))
    assert (asked["F4"], asked["F6"]) == (Decimal("50.00"), Decimal("20000.00"))


def test_budget_is_met_by_one_factor_on_every_rate_to_the_cent(charged: pd.DataFrame) -> None:
    of_rule = charged.loc["PAY"].xs("2024Q3")
    assert of_rule["assessed_usd"].sum() == Decimal("20000.01")
    between = of_rule[~of_rule["is_at_floor"] & ~of_rule["is_at_cap"]]
    assert set(between.index) == {"F1", "F2", "F3"}
    assert of_rule.loc["F6", "is_at_cap"]
    assert set(of_rule.index[of_rule["is_at_floor"]]) == {"F4", "F5"}


def test_version_in_force_on_the_first_day_decides(warehouse: Warehouse) -> None:
    stated = warehouse.read("agg_assessments").set_index(["rule_id", "period"])["funding_rule_version"]
    assert (stated["PAY", "2024Q2"], stated["PAY", "2024Q3"]) == ("1.0", "2.0")
    assert ("PAY", "2026Q4") not in stated.index
    assert "LAB" not in stated.index.get_level_values("rule_id")


def test_yearly_dues_split_their_budget_and_the_odd_cents(charged: pd.DataFrame) -> None:
    dues = charged.loc["DUES"].xs("2024Q1")["assessed_usd"]
    assert sorted(dues) == [Decimal("166.66")] * 2 + [Decimal("166.67")] * 4
    assert dues["F1"] == Decimal("166.67")
    assert set(charged.loc["DUES"].xs("2026Q1").index) == {"F1", "F2", "F3", "F4", "F5"}


def test_benefit_share_is_of_the_benefit_of_the_quarter_before(charged: pd.DataFrame) -> None:
    use = charged.loc["USE"].xs("2025Q2")
    assert use["assessed_usd"].sum() == Decimal("120.00")
    assert use["benefit_usd"].sum() == Decimal("1200.00")


def test_remainders_of_a_cent_go_to_the_largest_fractions() -> None:
    thirds = {name: Fraction(100, 3) for name in "abc"}
    assert round_to(100, thirds) == {"a": 34, "b": 33, "c": 33}


def test_assessments_equal_their_restatement(warehouse: Warehouse, rules: Assessments) -> None:
    joined = side_by_side(warehouse.read("fct_assessments"), rules.assessments(), CHARGE)
    assert_equal(joined, ["funding_rule_version", "assessed_usd"])


def test_contribution_statements_equal_their_restatement(warehouse: Warehouse, rules: Assessments) -> None:
    joined = side_by_side(
        warehouse.read("fct_contribution_statements"), rules.statements(), ["firm_id", "period"]
    )
    lines = ("assessed", "booked", "paid", "matched", "in_kind", "given_to_firms", "received_from_firms")
    assert_equal(joined, ["seats", *(f"{line}_usd" for line in (*lines, "benefit"))])


def test_statement_says_what_was_booked_beside_what_the_rules_ask(warehouse: Warehouse) -> None:
    statement = warehouse.read("fct_contribution_statements").set_index(["firm_id", "period"])
    first = statement.loc[("F1", "2024Q1")]
    assert first["difference_usd"] == Decimal("10000.01") - first["assessed_usd"]
    assert (first["paid_usd"], first["matched_usd"]) == (Decimal("10000.01"), Decimal("5000.01"))
    assert statement.loc[("F3", "2024Q1")]["owed_usd"] == Decimal("2000.00")


def test_quarter_that_the_books_have_not_reached_shows_no_arrears(warehouse: Warehouse) -> None:
    statement = warehouse.read("fct_contribution_statements")
    last = warehouse.read("int_assessments__booked")["period"].max()
    ahead = statement["period"] > last
    assert (statement.loc[ahead, "assessed_usd"] > 0).any()
    assert statement.loc[ahead, ["difference_usd", "owed_usd"]].isna().all(axis=None)
    assert statement.loc[~ahead, ["difference_usd", "owed_usd"]].notna().all(axis=None)


def test_gifts_in_kind_equal_their_restatement(warehouse: Warehouse, rules: Assessments) -> None:
    keys = ["period", "category_code", "program_id"]
    assert_equal(side_by_side(warehouse.read("agg_in_kind_costs"), rules.in_kind_costs(), keys), ["used_usd"])


def test_gift_in_kind_is_shared_by_seats_to_the_cent(warehouse: Warehouse) -> None:
    costs = warehouse.read("agg_in_kind_costs").set_index(["period", "category_code"])
    assert costs.loc[("2024Q2", "SPACE"), "used_usd"].sum() == Decimal("800.00")
    assert list(costs.loc[[("2024Q3", "EQUIPMENT")], "program_id"]) == ["WELD"]


def test_lines_by_size_of_firms_add_up_to_the_ledger(warehouse: Warehouse) -> None:
    by_size = warehouse.read("agg_contributions_by_size")
    ledger = warehouse.read("agg_fund_ledger")
    assessed = by_size.loc[by_size["line"] == "assessed", "amount_usd"].sum()
    assert assessed == ledger["assessed_usd"].sum()
    behind = warehouse.read("agg_contributions_by_size_contributors")
    assert behind["amount_usd"].sum() == by_size["amount_usd"].sum()


def test_transfers_interest_and_lapses_are_in_the_ledger(warehouse: Warehouse) -> None:
    book = warehouse.read("agg_fund_ledger").set_index(["period", "funding_source"])
    assert book.loc[("2024Q3", "PUBLIC_FEDERAL"), "transferred_in_usd"] == Decimal("5000.00")
    assert book.loc[("2024Q4", "EMPLOYER"), "transferred_out_usd"] == Decimal("100.01")
    assert book.loc[("2025Q4", "PUBLIC_FEDERAL"), "lapsed_usd"] == Decimal("250.00")
    assert book["interest_usd"].sum() == Decimal("12.34")


def test_oldest_money_is_found_first_in_first_out(warehouse: Warehouse) -> None:
    # Federal money: 5,000.00 in 2024Q3 and 250.00 in 2025Q1; 250.00 lapsed. The public partner's rule gives a
    # term of 6 months, so from 2025Q1 on what is left of the first 5,000.00 is past it.
    age = warehouse.read("agg_fund_age").set_index(["period", "funding_source"])
    before, after = (age.loc[(quarter, "PUBLIC_FEDERAL")] for quarter in ("2024Q4", "2025Q1"))
    assert (before["oldest_quarter"], before["past_term_usd"]) == ("2024Q3", Decimal("0.00"))
    assert (after["oldest_age_quarters"], after["past_term_usd"]) == (2, Decimal("5000.00"))
    newest = age.loc[("2025Q4", "PUBLIC_FEDERAL")]
    assert newest["past_term_usd"] == newest["closing_usd"] == Decimal("5000.00")
    assert pd.isna(age.loc[("2025Q4", "PHILANTHROPY"), "expiry_months"])
