"""Great Expectations as the second witness: boundaries of each expectation, and no cell comes back."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.warehouse.conftest import Drop
from warehouse.home import Home
from warehouse.intake.batch_checks import (
    BatchFinding,
    BatchLimits,
    Watch,
    check_batch,
    check_batches,
    watch_of,
)
from warehouse.intake.validate import validate_landed
from warehouse.landing import land_pending
from warehouse.ledger import Ledger

LIMITS = BatchLimits(volume=(0.5, 2.0), blank_rise=0.2, category_rows=3)
WATCH = Watch(optional=("hours",), categories={"kind": ("OJT", "NEW")})
CANARY = "Zz9canary"


def batch(rows: int, *, blank: int = 0, kind: str = "NEW", firm: str = "F001") -> pd.DataFrame:
    hours = [None] * blank + [CANARY] * (rows - blank)
    return pd.DataFrame({"box_firm_id": firm, "hours": pd.Series(hours, dtype=object), "kind": kind})


def judged(now: pd.DataFrame, before: pd.DataFrame) -> dict[str, BatchFinding]:
    found = check_batch(now, before, WATCH, LIMITS, contract="wage", period="2026Q1")
    return {"/".join(filter(None, (one.check, one.category))): one for one in found}


@pytest.mark.parametrize(
    "rows,passed", [(4, False), (5, True), (6, True), (19, True), (20, True), (21, False)]
)
def test_volume_is_remarked_when_it_leaves_half_to_twice_the_period_before(rows: int, passed: bool) -> None:
    finding = judged(batch(rows), batch(10))["volume"]
    assert (finding.passed, finding.observed, finding.low, finding.high) == (passed, rows, 5, 20)


@pytest.mark.parametrize("blank,passed", [(2, True), (3, True), (4, False)])
def test_blank_share_is_remarked_when_it_rises_by_more_than_the_limit(blank: int, passed: bool) -> None:
    finding = judged(batch(10, blank=blank), batch(10, blank=1))["blank_share"]
    assert finding.passed is passed
    assert finding.observed == pytest.approx(blank / 10)


@pytest.mark.parametrize("rows_before,looked_at", [(2, False), (3, True), (4, True)])
def test_absent_category_is_remarked_when_it_had_enough_rows_before(
    rows_before: int, looked_at: bool
) -> None:
    before = pd.concat([batch(rows_before, kind="OJT"), batch(5)])
    findings = judged(batch(7), before)
    assert ("absent_category/OJT" in findings) is looked_at
    if looked_at:
        assert findings["absent_category/OJT"].passed is False
    assert findings["absent_category/NEW"].passed is True


def test_only_firms_of_both_periods_are_compared_when_others_are_late() -> None:
    before = pd.concat([batch(10), batch(90, firm="F002")])
    assert judged(batch(10), before)["volume"].passed is True
    assert judged(batch(10, firm="F003"), before) == {}


def test_no_finding_holds_a_cell_when_every_cell_is_a_canary() -> None:
    now = batch(10, blank=9, kind=CANARY)
    assert CANARY not in repr(judged(now, pd.concat([batch(5, kind="OJT"), batch(5, kind=CANARY)])))


def test_check_batches_compares_the_newest_period_with_the_one_before(
    home: Home, ledger: Ledger, drop: Drop
) -> None:
    header = "learner_key,key_epoch,firm_id,year_quarter,gross_wages_usd,pay_basis\n"
    for quarter, people in (("2025Q3", 50), ("2025Q4", 10), ("2026Q1", 4)):
        rows = (f"{n:064x},1,F001,{quarter},9000.00,HOURLY\n" for n in range(people))
        drop(home, "F001", f"wage_{quarter}.csv", (header + "".join(rows)).encode())
    land_pending(home, ledger)
    validate_landed(home, ledger)
    findings = check_batches(home, ledger)
    assert [(f.contract, f.period, f.check, f.column, f.passed) for f in findings] == [
        ("wage", "2026Q1", "volume", None, False),
        ("wage", "2026Q1", "blank_share", "pay_basis", True),
    ]


def test_watch_takes_optional_columns_and_closed_lists_when_made_from_a_contract() -> None:
    from contracts.extracts.wage import Wage

    watch = watch_of(Wage)
    assert "hours_paid" in watch.optional
    assert "learner_key" not in watch.optional
    assert watch.categories["pay_basis"] == ("HOURLY", "SALARY", "PIECE", "COMMISSION")
