"""The provider report (ETA-9171): which cohorts a program year reports, by hand and by its restatement."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restatement import Restatement
from tests.transforms.systems import restated_program_results

pytestmark = pytest.mark.xdist_group("transforms")


@pytest.fixture(scope="module")
def cohorts(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("int_program_results__cohorts").set_index(["metric_id", "cohort_quarter"])


@pytest.mark.parametrize(
    ("metric", "cohort", "year"),
    [
        ("participants_served", "2025Q2", 2024),
        ("participants_served", "2025Q3", 2025),
        ("employment_rate_q2", "2024Q2", 2024),
        ("employment_rate_q2", "2024Q3", 2025),
        ("employment_rate_q4", "2024Q4", 2025),
        ("employment_rate_q4", "2025Q1", 2026),
        ("measurable_skill_gains", "2025Q2", 2024),
    ],
)
def test_trap_07_program_year_reports_the_cohorts_of_its_calendar(
    cohorts: pd.DataFrame, metric: str, cohort: str, year: int
) -> None:
    assert cohorts.loc[(metric, cohort), "program_year"] == year


def test_year_with_a_cohort_that_is_not_mature_is_not_stated(warehouse: Warehouse) -> None:
    results = warehouse.read("agg_program_results")
    open_still = results[results["maturity"] != "MATURE"]
    assert len(open_still) > 0
    assert set(open_still["value_status"]) == {-1}
    assert open_still["value"].isna().all()


def test_only_those_funded_under_wioa_are_in_its_population(warehouse: Warehouse) -> None:
    results = warehouse.read("agg_program_results")
    served = results.query(
        "program_id == 'WELD' and program_year == 2023 and metric_id == 'participants_served'"
    )
    by_population = served.set_index("population")["denominator"]
    assert 0 < by_population["wioa"] < by_population["all"]


def test_program_results_equal_their_restatement(warehouse: Warehouse, restated: Restatement) -> None:
    mart = warehouse.read("agg_program_results")
    joined = side_by_side(
        mart, restated_program_results.program_results(restated), restated_program_results.KEY
    )
    assert_equal(joined, ["numerator", "denominator", "value_status", "maturity"], ["value"])
