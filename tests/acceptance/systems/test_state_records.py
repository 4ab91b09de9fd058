"""The demo finds those whom only the state's wage records see at work."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.acceptance.conftest import Planted

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]


@pytest.fixture(scope="module")
def cohorts(planted: Planted) -> pd.DataFrame:
    outcomes = planted.mart("agg_outcomes")
    quarterly = outcomes[outcomes["breakdown"] == "cohort"]
    return quarterly.pivot(
        index="cohort_start", columns="metric_id", values=["numerator", "denominator", "maturity"]
    )


def test_share_employed_elsewhere_is_the_one_planted(planted: Planted, cohorts: pd.DataFrame) -> None:
    mature = cohorts[cohorts[("maturity", "employment_rate_q2_wioa")] == "MATURE"]
    seen = mature[("numerator", "employment_rate_q2")].astype(float).sum()
    everywhere = mature[("numerator", "employment_rate_q2_wioa")].astype(float).sum()
    unseen = mature[("denominator", "employment_rate_q2")].astype(float).sum() - seen
    share = (everywhere - seen) / unseen
    planted_share = planted.truth("state_records")["employed_elsewhere"]
    assert share == pytest.approx(
        planted_share, abs=3 * (planted_share * (1 - planted_share) / unseen) ** 0.5
    )


def test_cohort_that_the_state_has_not_answered_for_is_not_mature(
    planted: Planted, cohorts: pd.DataFrame
) -> None:
    assert planted.truth("state_records")["newest_quarter"] == "2026Q2"
    assert cohorts.loc["2025Q4", ("maturity", "employment_rate_q2")] == "MATURE"
    assert cohorts.loc["2025Q4", ("maturity", "employment_rate_q2_wioa")] == "INCOMPLETE"


def test_both_variants_are_published_beside_each_other(planted: Planted) -> None:
    table = planted.published("outcomes_consortium").set_index("metric_id")
    observed, complete = (
        table.loc[name, "value"] for name in ("employment_rate_q2", "employment_rate_q2_wioa")
    )
    assert observed < complete
