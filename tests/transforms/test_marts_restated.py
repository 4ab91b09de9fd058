"""Every figure of every aggregated mart against its restatement: both ways, cell by cell."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restatement import CELL, Restatement

# One warehouse for all of them: a second worker would build its own.
pytestmark = pytest.mark.xdist_group("transforms")

COUNTS = ["numerator", "denominator", "distinct_persons", "value_status"]
VALUES = ["value", "value_fuzzy", "value_lower", "value_upper"]
LEDGER = [
    "opening",
    "contributions",
    "match",
    "in_kind_in",
    "in_kind_out",
    "interest",
    "transferred_in",
    "transferred_out",
    "disbursed",
    "lapsed",
    "closing",
    "assessed",
    "receivable",
]


def test_outcomes_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = side_by_side(warehouse.read("agg_outcomes"), restated.outcomes(), CELL)
    assert len(joined) > 200
    assert set(joined["maturity"]) == {"MATURE", "INCOMPLETE", "NOT_YET"}
    assert_equal(joined, [*COUNTS, "maturity", "unit"], VALUES)


def test_outcome_contributors_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    keys = [*CELL, "parent_group_id"]
    joined = side_by_side(warehouse.read("agg_outcome_contributors"), restated.outcome_contributors(), keys)
    settled = joined.merge(warehouse.read("agg_outcomes")[[*CELL, "numerator"]], on=CELL)
    assert_equal(joined, ["persons", "amount_usd"])
    assert_equal(settled, ["numerator_persons"])


def test_fund_ledger_equals_its_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = side_by_side(
        warehouse.read("agg_fund_ledger"), restated.fund_ledger(), ["period", "funding_source"]
    )
    assert_equal(joined, [f"{column}_usd" for column in LEDGER])


def test_fund_contributors_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    keys = ["period", "parent_group_id"]
    joined = side_by_side(warehouse.read("agg_fund_contributors"), restated.fund_contributors(), keys)
    assert_equal(joined, ["amount_usd", "assessed_usd", "in_kind_usd", "firms"])


def test_unit_costs_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = side_by_side(
        warehouse.read("agg_unit_costs"), restated.unit_costs(), ["unit", "breakdown", "member"]
    )
    assert_equal(
        joined, ["cost_usd", "count", "cohort_start", "cohort_end", "value_status", "maturity"], ["value"]
    )


def test_unit_cost_contributors_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    keys = ["unit", "breakdown", "member", "parent_group_id"]
    joined = side_by_side(
        warehouse.read("agg_unit_cost_contributors"), restated.unit_cost_contributors(), keys
    )
    assert_equal(joined, ["persons", "amount_usd"])


def test_earnings_by_arm_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = side_by_side(
        warehouse.read("agg_earnings_by_arm"), restated.earnings_by_arm(), ["calendar_year", "arm"]
    )
    assert_equal(joined, ["persons"], ["mean_annual_earnings_usd", "sd_usd"])


def test_intake_quality_equals_its_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = side_by_side(warehouse.read("agg_intake_quality"), restated.intake_quality(), ["contract"])
    assert_equal(joined, ["submissions", "firms", "rows_in", "accepted", "quarantined"])


def test_amounts_are_decimals_when_read(warehouse: Warehouse) -> None:
    assert {type(amount) for amount in warehouse.read("agg_outcome_contributors")["amount_usd"]} == {Decimal}
