"""Outlay against the cycle, contribution against benefit, public benefits: by hand and restated."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restatement import Restatement
from tests.transforms.systems.restated_assessments import Assessments
from tests.transforms.systems.restated_balance import Outlay, balance, public_bases

pytestmark = pytest.mark.xdist_group("transforms")


@pytest.fixture(scope="module")
def outlay(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("agg_outlay").set_index("period")


def test_outlay_equals_its_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    joined = side_by_side(warehouse.read("agg_outlay"), Outlay(restated).outlays(), ["period"])
    money = ["base_usd", "opening_usd", "outlay_usd", "outlay_without_usd"]
    assert_equal(joined, ["quarters_in_mean", *money, "state"], ["factor"])


def test_outlay_rises_when_unemployment_is_above_its_long_mean_and_is_bounded(outlay: pd.DataFrame) -> None:
    assert outlay.loc["2025Q2", "unemployment_rate"] == pytest.approx(9.0)
    # 9 against a mean near 4.3: without the band the factor would be about 1.47.
    assert outlay.loc["2025Q2", "factor"] == Decimal("1.2")
    assert outlay.loc["2025Q4", "factor"] < 1


def test_area_stated_by_two_sources_counts_once_in_the_mean_of_areas(outlay: pd.DataFrame) -> None:
    assert outlay.loc["2025Q3", "unemployment_rate"] == pytest.approx((5.00 + 4.31) / 2)


def test_outlay_is_not_stated_while_a_quarter_of_unemployment_is_missing(outlay: pd.DataFrame) -> None:
    after = outlay.loc["2026Q1"]
    assert (after["state"], after["quarters_in_mean"]) == ("NOT_ENOUGH_DATA", 31)
    assert pd.isna(after["outlay_usd"])
    assert after["outlay_without_usd"] is not None


def test_contribution_against_benefit_equals_its_restatement(
    warehouse: Warehouse, restated: Restatement
) -> None:
    mart = warehouse.read("fct_contribution_balance")
    joined = side_by_side(mart, balance(restated, Assessments(restated)), ["parent_group_id"])
    assert_equal(joined, ["hires", "band"], ["contribution_share", "benefit_share"])
    bands = warehouse.read("agg_contribution_balance")
    assert dict(zip(bands["band"], bands["parents"], strict=True)) == mart["band"].value_counts().to_dict()
    apart = (mart["benefit_share"] - mart["contribution_share"]).abs().sum() / 2
    assert list(bands["redistribution"]) == pytest.approx([apart] * len(bands))


def test_public_benefits_equal_their_restatement_times_the_printed_shares(
    warehouse: Warehouse, restated: Restatement
) -> None:
    benefits = warehouse.read("agg_public_benefits").set_index("assumption_id")
    assert set(benefits.index) == {"payroll_taxes", "income_taxes", "turnover_cost"}
    bases = public_bases(restated)
    for name, row in benefits.iterrows():
        assert row["base_usd"] == bases[row["base_id"]], name
        assert row["low_usd"] <= row["central_usd"] <= row["high_usd"], name
    payroll = benefits.loc["payroll_taxes"]
    assert payroll["central_usd"] == pytest.approx(float(bases["wages_q2"]) * 0.153)


def test_contributors_of_public_benefits_add_up_to_their_bases(warehouse: Warehouse) -> None:
    sums = warehouse.read("agg_public_benefit_contributors").groupby("assumption_id")["amount_usd"].sum()
    bases = warehouse.read("agg_public_benefits").set_index("assumption_id")["base_usd"]
    assert dict(sums) == dict(bases)
