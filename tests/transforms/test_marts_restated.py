"""Every figure of every aggregated mart against its restatement: both ways, cell by cell."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

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
    "disbursed",
    "closing",
    "assessed",
    "receivable",
]


def _side_by_side(mart: pd.DataFrame, restated: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One row per key of either; a key that only one side has fails here."""
    joined = mart.merge(
        restated, on=keys, how="outer", suffixes=("", "_restated"), indicator=True, validate="1:1"
    )
    strangers = joined[joined["_merge"] != "both"]
    assert strangers.empty, strangers[[*keys, "_merge"]].to_string()
    return joined


def _assert_equal(joined: pd.DataFrame, exact: list[str], close: list[str] | None = None) -> None:
    for column in exact:
        here, there = (
            joined[name].astype("object").where(joined[name].notna(), None)
            for name in (column, f"{column}_restated")
        )
        differs = pd.Series([a != b for a, b in zip(here, there, strict=True)], index=joined.index)
        assert not differs.any(), f"{column}:\n{joined[differs].head(5).to_string()}"
    for column in close or []:
        here, there = joined[column].astype("float64"), joined[f"{column}_restated"].astype("float64")
        assert list(here) == pytest.approx(list(there), rel=1e-9, abs=1e-9, nan_ok=True), column


def test_outcomes_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = _side_by_side(warehouse.read("agg_outcomes"), restated.outcomes(), CELL)
    assert len(joined) > 200
    assert set(joined["maturity"]) == {"MATURE", "INCOMPLETE", "NOT_YET"}
    _assert_equal(joined, [*COUNTS, "maturity", "unit"], VALUES)


def test_outcome_contributors_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    keys = [*CELL, "parent_group_id"]
    joined = _side_by_side(warehouse.read("agg_outcome_contributors"), restated.outcome_contributors(), keys)
    settled = joined.merge(warehouse.read("agg_outcomes")[[*CELL, "numerator"]], on=CELL)
    _assert_equal(joined, ["persons", "amount_usd"])
    _assert_equal(settled, ["numerator_persons"])


def test_fund_ledger_equals_its_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = _side_by_side(
        warehouse.read("agg_fund_ledger"), restated.fund_ledger(), ["period", "funding_source"]
    )
    _assert_equal(joined, [f"{column}_usd" for column in LEDGER])


def test_fund_contributors_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    keys = ["period", "parent_group_id"]
    joined = _side_by_side(warehouse.read("agg_fund_contributors"), restated.fund_contributors(), keys)
    _assert_equal(joined, ["amount_usd", "assessed_usd", "in_kind_usd", "firms"])


def test_unit_costs_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = _side_by_side(
        warehouse.read("agg_unit_costs"), restated.unit_costs(), ["unit", "breakdown", "member"]
    )
    _assert_equal(
        joined, ["cost_usd", "count", "cohort_start", "cohort_end", "value_status", "maturity"], ["value"]
    )


def test_unit_cost_contributors_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    keys = ["unit", "breakdown", "member", "parent_group_id"]
    joined = _side_by_side(
        warehouse.read("agg_unit_cost_contributors"), restated.unit_cost_contributors(), keys
    )
    _assert_equal(joined, ["persons", "amount_usd"])


def test_earnings_by_arm_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = _side_by_side(
        warehouse.read("agg_earnings_by_arm"), restated.earnings_by_arm(), ["calendar_year", "arm"]
    )
    _assert_equal(joined, ["persons"], ["mean_annual_earnings_usd", "sd_usd"])


def test_intake_quality_equals_its_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = _side_by_side(warehouse.read("agg_intake_quality"), restated.intake_quality(), ["contract"])
    _assert_equal(joined, ["submissions", "firms", "rows_in", "accepted", "quarantined"])


def test_amounts_are_decimals_when_read(warehouse: Warehouse) -> None:
    assert {type(amount) for amount in warehouse.read("agg_outcome_contributors")["amount_usd"]} == {Decimal}
