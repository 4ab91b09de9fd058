"""The truth beside a sample region is what its files add up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.quarters import Quarter
from tests.sample.conftest import Sample
from warehouse.sample.assessment import CAP_OF_MEAN, FLOOR_OF_MEAN, assess, bounds, round_to_sum, split


def _usd(amounts: Iterable[str]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts if amount), Decimal(0))


def _truth(sample: Sample) -> Mapping[str, Mapping[str, str]]:
    by_source: Mapping[str, Mapping[str, str]] = sample.document["fund"]["by_source"]
    return by_source


def _moved(sample: Sample, source: str) -> Decimal:
    """What transfers, interest and lapses add to a source."""
    rows = sample.genuine("transfer")
    mine = rows[rows["funding_source"] == source]
    came, went = (mine["transfer_type"].isin(kinds) for kinds in (("IN", "INTEREST"), ("OUT", "LAPSE")))
    moved = _usd(mine.loc[came, "amount_usd"]) - _usd(mine.loc[went, "amount_usd"])
    assert Decimal(_truth(sample)[source]["moved_usd"]) == moved
    return moved


def test_fund_totals_equal_the_files(default: Sample) -> None:
    money, spent = default.genuine("contribution"), default.genuine("disbursement")
    cash = money[money["kind"] == "CASH"]
    for source, totals in _truth(default).items():
        matched = _usd(cash.loc[cash["matched_by"] == source, "match_amount_usd"])
        received = _usd(cash["amount_usd"]) if source == "EMPLOYER" else matched
        disbursed = _usd(spent.loc[spent["funding_source"] == source, "amount_usd"])
        assert Decimal(totals["received_usd"]) == received > 0
        assert Decimal(totals["disbursed_usd"]) == disbursed > 0
        assert Decimal(totals["closing_usd"]) == received - disbursed + _moved(default, source)
    fund = default.document["fund"]
    assert Decimal(fund["assessed_usd"]) == _usd(cash["assessed_usd"])
    assert Decimal(fund["receivable_usd"]) == _usd(cash["assessed_usd"]) - _usd(cash["amount_usd"]) > 0
    assert Decimal(fund["in_kind_usd"]) == _usd(money.loc[money["kind"] == "IN_KIND", "amount_usd"])
    for program, amount in fund["disbursed_by_program_usd"].items():
        of_program = spent["program_id"] == (program if program != "(none)" else "")
        assert Decimal(amount) == _usd(spent.loc[of_program, "amount_usd"])


def test_no_source_of_the_fund_is_ever_overdrawn(default: Sample) -> None:
    money, spent = default.genuine("contribution"), default.genuine("disbursement")
    cash = money[money["kind"] == "CASH"]
    for source in _truth(default):
        for period in sorted(money["period"].unique()):
            until = cash[cash["period"] <= period]
            column = "amount_usd" if source == "EMPLOYER" else "match_amount_usd"
            own = until if source == "EMPLOYER" else until[until["matched_by"] == source]
            paid = spent[(spent["funding_source"] == source) & (spent["file_period"] <= period)]
            assert _usd(own[column]) >= _usd(paid["amount_usd"])


def test_contributions_and_costs_lie_in_the_quarter_of_their_file(default: Sample) -> None:
    money, spent = default.genuine("contribution"), default.genuine("disbursement")
    assert (money["period"] == money["file_period"]).all()
    for rows, column in ((money[money["paid_on"] != ""], "paid_on"), (spent, "incurred_on")):
        for period, days in rows.groupby("file_period")[column]:
            quarter = Quarter.parse(str(period))
            assert str(quarter.first_day) <= days.min() <= days.max() <= str(quarter.last_day)


def test_no_quarter_is_owed_by_fewer_than_five_firms(default: Sample) -> None:
    cash = default.genuine("contribution").query("kind == 'CASH'")
    owing = cash[cash["amount_usd"] != cash["assessed_usd"]].groupby("period").size()
    assert len(owing) == cash["period"].nunique()
    assert owing.min() >= 5


def test_contributions_begin_before_the_first_enrollment(default: Sample) -> None:
    assert default.genuine("contribution")["period"].min() == "2023Q1"
    assert default.genuine("disbursement")["file_period"].min() == "2023Q3"


def test_people_of_the_truth_equal_the_files(default: Sample) -> None:
    people = default.document["people"]
    last = default.latest("enrollment", ["learner_key", "program_id", "entry_date"])
    assert len(last) == people["enrollments"]
    assert (last["training_completed"] == "1").sum() == people["completed"]
    assert (last["training_completed"] == "0").sum() == people["withdrawn"]
    assert (last["exit_date"] == "").sum() == people["in_progress"]
    assert last["other_reason_for_exit"].isin(["01", "02", "03"]).sum() == people["excluded_exits"] > 0
    assert (
        (last.drop_duplicates("learner_key")["training_type"] == "01").sum() == people["on_the_job_only"] > 0
    )
    assert len(last) - last["learner_key"].nunique() == people["repeated_enrollments"] > 0


def test_dropped_counts_equal_the_files(default: Sample) -> None:
    for contract, counts in default.document["dropped"].items():
        ragged = ((default.faults["contract"] == contract) & (default.faults["code"] == "ROW-001")).sum()
        assert counts == {"files": len(default.paths(contract)), "rows": len(default.rows(contract)) + ragged}


def test_repeated_enrollments_lie_on_both_sides_of_90_days(default: Sample) -> None:
    last = default.latest("enrollment", ["learner_key", "program_id", "entry_date"])
    repeated = last[last["learner_key"].duplicated(keep=False)].sort_values(["learner_key", "entry_date"])
    days = repeated[["entry_date", "exit_date"]].replace("", None).astype("datetime64[s]")
    gaps = (days["entry_date"] - days["exit_date"].groupby(repeated["learner_key"]).shift()).dt.days.dropna()
    assert {89, 90} <= set(gaps.astype(int))
    assert (gaps < 90).sum() > 10 < (gaps >= 90).sum()


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=40))
def test_assessments_lie_between_floor_and_cap_and_lose_no_cent(payroll: list[int]) -> None:
    sizes = [1 + place % 5 for place in range(len(payroll))]
    within = bounds(payroll, sizes)
    assessed = assess(payroll, sizes, within)
    assert within.floor <= min(assessed)
    assert max(assessed) <= within.cap + 1
    mean = Fraction(sum(assessed), len(assessed))
    assert max(assessed) <= CAP_OF_MEAN / FLOOR_OF_MEAN * (mean + 1)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ([Fraction(1, 2), Fraction(1, 2)], [1, 0]),
        ([Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)], [1, 0, 0]),
        ([Fraction(5, 4), Fraction(7, 4)], [1, 2]),
        ([Fraction(0)], [0]),
    ],
)
def test_largest_remainders_are_rounded_up_when_cents_are_left(
    amounts: list[Fraction], expected: list[int]
) -> None:
    assert round_to_sum(amounts) == expected


@given(st.integers(0, 10**12), st.lists(st.integers(1, 99), min_size=1, max_size=12))
def test_split_loses_no_cent(cents: int, shares: list[int]) -> None:
    assert sum(split(cents, shares)) == cents
