"""Spot checks: the verified rate as drawn, by hand and by its restatement."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.transforms.agreement import assert_equal, side_by_side
from tests.transforms.conftest import Warehouse
from tests.transforms.restated_lake import LakeFrames
from tests.transforms.systems import restated_assurance

pytestmark = pytest.mark.xdist_group("transforms")

FACT = ["checked_contract", "checked_column"]


@pytest.fixture(scope="module")
def rates(warehouse: Warehouse) -> pd.DataFrame:
    return warehouse.read("agg_verified_rates").set_index(FACT)


def test_verified_rate_pools_random_and_stratified_samples_only(rates: pd.DataFrame) -> None:
    wages = rates.loc[("wage", "gross_wages_usd")]
    assert (wages["agreed_count"], wages["verified_count"]) == (30, 34)
    assert wages["verified_share"] == pytest.approx(30 / 34)


def test_records_without_a_document_are_in_neither_count(rates: pd.DataFrame) -> None:
    wages = rates.loc[("wage", "gross_wages_usd")]
    assert (wages["sampled_count"], wages["unverifiable_count"]) == (35, 1)


def test_check_of_the_day_after_publication_waits(rates: pd.DataFrame) -> None:
    assert rates.loc[("wage", "gross_wages_usd")]["last_quarter"] == "2025Q3"
    assert rates.loc[("placement", "job_start_date")]["checks"] == 1


def test_verified_rate_is_undefined_when_no_document_was_found(rates: pd.DataFrame) -> None:
    nothing = rates.loc[("placement", "job_start_date")]
    assert nothing["verified_count"] == 0
    assert pd.isna(nothing["verified_share"])
    assert pd.isna(nothing["verified_lower"])


def test_verified_rates_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    restated = restated_assurance.verified_rates(lake)
    joined = side_by_side(warehouse.read("agg_verified_rates"), restated, FACT)
    counts = ["checks", "sampled_count", "unverifiable_count", "agreed_count", "verified_count"]
    shares = ["verified_share", "verified_lower", "verified_upper"]
    assert_equal(joined, [*counts, "first_quarter", "last_quarter"], shares)


def test_verified_rate_contributors_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    restated = restated_assurance.contributors(lake)
    mart = warehouse.read("agg_verified_rate_contributors")
    assert_equal(side_by_side(mart, restated, [*FACT, "parent_group_id"]), ["persons", "numerator_persons"])


def test_finding_is_overdue_from_the_day_after_its_day(warehouse: Warehouse) -> None:
    standing = warehouse.read("int_findings__followed").set_index("finding_id")["standing"]
    assert dict(standing) == {
        "A1": "RESOLVED",
        "A2": "OPEN",
        "A3": "OVERDUE",
        "A4": "OVERDUE",
        "A5": "RESOLVED",
    }


def test_register_holds_what_was_upheld_or_is_open_and_what_checks_found(warehouse: Warehouse) -> None:
    register = warehouse.read("fct_discrepancy")
    audits = register[register["source"] == "audit_finding"]
    assert set(audits["discrepancy_id"]) == {"A1", "A2", "A3", "A4"}
    checks = register[register["source"] == "spot_check"].set_index("discrepancy_id")
    assert set(checks.index.str.split("|").str[0]) == {"SC-1", "SC-2", "SC-3"}
    assert checks.loc["SC-3|wage|gross_wages_usd", "rows_affected"] == 8


def test_audit_findings_equal_their_restatement(warehouse: Warehouse, lake: LakeFrames) -> None:
    restated = restated_assurance.audit_findings(lake)
    joined = side_by_side(warehouse.read("agg_audit_findings"), restated, ["audit_kind", "severity"])
    counts = ["findings", "resolved", "open_findings", "overdue", "not_upheld"]
    assert_equal(joined, counts, ["median_days_to_resolve"])
