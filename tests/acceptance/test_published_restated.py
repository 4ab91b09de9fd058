"""Every published outcome equals its definition restated in plain Python on the accepted rows, and rounded.

The restatement knows neither dbt nor the published tables. The rounding is written from the policy's words
(counts to 5, money to its step, rates and intervals from rounded counts), not from the code that publishes.
"""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from tests.acceptance.conftest import Demo
from tests.transforms.restatement import Restatement, read_lake, wilson
from transforms import PROJECT_DIR
from warehouse import builds, releases
from warehouse.home import Home

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.slow]
BREAKDOWN_OF = {
    "outcomes_consortium": "consortium",
    "outcomes_by_program": "program",
    "outcomes_by_area": "area",
    "outcomes_by_sector": "sector",
    "outcomes_by_cohort": "cohort",
}
STEPS = {
    **{"median_earnings_q2": 100.0, "median_earnings_q2_wioa": 100.0, "real_earnings_change": 100.0},
    "real_hourly_wage_change": 0.2,
}
"""Medians of money, and the dollars they are rounded to: 100 a quarter are about 0.20 an hour."""

WITHHELD = 5


@pytest.fixture(scope="module")
def restated(demo: Demo) -> Restatement:
    in_force = builds.latest_build(demo.home).in_force
    prices = PROJECT_DIR / "seeds" / "cpi_u.csv"
    return Restatement(read_lake(demo.home.lake, in_force, prices, date(2026, 11, 12)))


@pytest.fixture(scope="module")
def expected(restated: Restatement) -> dict[tuple[str, ...], dict[str, float | None]]:
    rows = restated.outcomes().to_dict("records")
    return {_key(row, row["breakdown"], row["member"]): _rounded(row) for row in rows}


@pytest.mark.parametrize("table", sorted(BREAKDOWN_OF))
def test_every_published_outcome_equals_its_restated_definition(
    demo: Demo, expected: dict[tuple[str, ...], dict[str, float | None]], table: str
) -> None:
    published = _published(demo.home, table)
    shown = published[published["value_status"] != WITHHELD]
    assert len(shown) > 0
    for row in shown.to_dict("records"):
        key = _key(row, BREAKDOWN_OF[table], _member(row, table))
        found = {name: _number(row[name]) for name in expected[key]}
        assert found == expected[key], key


def test_most_of_what_could_be_published_is(demo: Demo) -> None:
    rows = pd.concat([_published(demo.home, table) for table in BREAKDOWN_OF])
    could = rows[rows["value_status"] >= 1]
    assert (could["value_status"] == 1).mean() >= 0.7


def test_fund_ledger_foots_to_the_cent_in_every_quarter_and_source(demo: Demo) -> None:
    ledger = _published(demo.home, "fund_ledger")
    exact = ledger.astype({"value": object})
    lines = exact.pivot(index=["cohort_start", "group_value"], columns="metric_id", values="value").fillna(
        Decimal(0)
    )
    came = lines[["fund_contributions", "fund_match", "fund_interest", "fund_transfers_in"]].sum(axis=1)
    went = lines[["fund_disbursed", "fund_lapsed"]].sum(axis=1)
    assert (lines["fund_opening"] + came - went == lines["fund_closing"]).all()
    for _, of_source in lines.groupby(level="group_value"):
        assert list(of_source["fund_opening"])[1:] == list(of_source["fund_closing"])[:-1]


def _published(home: Home, table: str) -> pd.DataFrame:
    return releases.read_table(releases.read_release(home, "2026-Q3"), table)


def _member(row: dict[str, object], table: str) -> str:
    column = {"program": "program_id", "area": "geography", "sector": "industry"}.get(BREAKDOWN_OF[table])
    return "consortium" if column is None else str(row[column])


def _key(row: dict[str, object], breakdown: str, member: str) -> tuple[str, ...]:
    return (str(row["metric_id"]), breakdown, member, str(row["cohort_start"]), str(row["cohort_end"]))


def _rounded(row: dict[str, object]) -> dict[str, float | None]:
    """What the policy's words make of one exact cell."""
    names = ("value", "value_lower", "value_upper", "numerator_rounded_count", "denominator_rounded_count")
    figures: dict[str, float | None] = dict.fromkeys(names)
    if row["value_status"] != 1:
        return figures
    denominator = _to_five(row["denominator"])
    if row["metric_id"] == "participants_served":
        return figures | {"value": denominator, "numerator_rounded_count": denominator}
    step = STEPS.get(str(row["metric_id"]))
    if step is not None:
        ends = {name: _to_step(_number(row[name]), step) for name in ("value_lower", "value_upper")}
        value = _to_step(_number(row["value_fuzzy"]), step)
        return figures | ends | {"value": value, "denominator_rounded_count": denominator}
    numerator = _to_five(row["numerator"])
    lower, upper = wilson(int(numerator), int(denominator))
    return {
        "value": round(numerator / denominator, 4),
        "value_lower": round(max(lower, 0.0), 4),
        "value_upper": round(min(upper, 1.0), 4),
        "numerator_rounded_count": numerator,
        "denominator_rounded_count": denominator,
    }


def _to_five(count: object) -> float:
    return float(5 * math.floor(float(str(count)) / 5 + 0.5))


def _to_step(amount: float | None, step: float) -> float | None:
    if amount is None:
        return None
    return round(math.copysign(step * math.floor(abs(amount) / step + 0.5), amount) + 0.0, 2)


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(str(value))  # type: ignore[call-overload]
