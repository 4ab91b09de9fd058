"""The primary rules, each at its boundary: one below, at, and one above. Traps 13, 14 and 15 are here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from contracts.quarters import Quarter
from reports.disclosure import rules
from reports.disclosure.policy import Policy, load_preset
from reports.disclosure.rules import Reason, concentration, findings, to_cents
from reports.measures import Statistic

QUARTER = "2026Q2"
OLD_ENOUGH = date(2026, 11, 12)


@dataclass(frozen=True)
class Firm:
    """One firm's part of the cell under test."""

    persons: int
    dollars: str = "0"
    hits: int = 0
    parent: str = ""


def _even(count: int, persons: int = 10, dollars: str = "1000") -> list[Firm]:
    return [Firm(persons, dollars, persons // 2) for _ in range(count)]


def _cell(firms: Sequence[Firm], **changes: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    persons = sum(firm.persons for firm in firms)
    cell = {
        "cell_id": "cell",
        "metric_id": "employment_rate_q2",
        "statistic": Statistic.RATE,
        "is_wage_derived": True,
        "value_status": 1,
        "persons": persons,
        "denominator": persons,
        "numerator": persons // 2,
        "money": None,
        "newest_quarter": QUARTER,
    } | changes
    frame = pd.DataFrame([cell]).astype(dict.fromkeys(("persons", "denominator", "numerator"), "Int64"))
    behind = pd.DataFrame(
        {
            "cell_id": "cell",
            "parent_group_id": [firm.parent or f"G{n}" for n, firm in enumerate(firms)],
            "persons": [firm.persons for firm in firms],
            "numerator_persons": [firm.hits for firm in firms],
            "amount_cents": [to_cents(Decimal(firm.dollars)) for firm in firms],
        }
    )
    return frame, behind


def _reasons(
    firms: Sequence[Firm], *, policy: Policy | None = None, published_on: date = OLD_ENOUGH, **changes: Any
) -> set[str]:
    cells, behind = _cell(firms, **changes)
    return set(findings(cells, behind, policy or load_preset("board"), published_on)["reason"])


def _count(firms: Sequence[Firm], **changes: Any) -> set[str]:
    kept = {"metric_id": "participants_served", "statistic": Statistic.COUNT, "is_wage_derived": False}
    return _reasons(firms, **(kept | {"numerator": pd.NA} | changes))


@pytest.mark.parametrize(("persons", "is_hidden"), [(9, True), (10, False), (11, False)])
def test_cell_is_hidden_when_it_has_fewer_than_ten_persons(persons: int, is_hidden: bool) -> None:
    firms = [Firm(2) for _ in range(5)]
    assert (_count(firms, persons=persons) == {Reason.PERSON_N}) is is_hidden


@pytest.mark.parametrize("counted,is_hidden", [(9, True), (10, False)])
def test_mean_of_few_is_hidden_when_more_people_are_in_its_row(counted: int, is_hidden: bool) -> None:
    """Sixty people got an award, and few of those were of money: the mean is about the few."""
    firms = _even(60, persons=1)
    found = _reasons(firms, statistic=Statistic.MEAN, numerator=pd.NA, denominator=counted)
    assert (Reason.PERSON_N in found) is is_hidden


def test_persons_are_counted_once_when_they_have_several_periods() -> None:
    assert _count(_even(5), persons=9, denominator=50) == {Reason.PERSON_N}


@pytest.mark.parametrize(("persons", "is_hidden"), [(29, True), (30, False), (31, False)])
def test_median_is_hidden_when_it_rests_on_fewer_than_thirty(persons: int, is_hidden: bool) -> None:
    reasons = _reasons(_even(5), statistic=Statistic.MEDIAN, persons=persons, numerator=pd.NA)
    assert (reasons == {Reason.PERSON_N}) is is_hidden


@pytest.mark.parametrize(
    ("numerator", "is_hidden"),
    [(0, False), (1, True), (9, True), (10, False), (90, False), (91, True), (99, True), (100, False)],
)
def test_rate_is_hidden_when_one_of_its_sides_is_small(numerator: int, is_hidden: bool) -> None:
    firms = [Firm(20, "1000", 0) for _ in range(5)]
    assert (_reasons(firms, numerator=numerator) == {Reason.PERSON_N}) is is_hidden


def test_rate_is_hidden_when_its_numerator_is_unknown() -> None:
    assert Reason.PERSON_N in _reasons(_even(5), numerator=pd.NA)


@pytest.mark.parametrize(("firms", "is_hidden"), [(4, True), (5, False), (6, False)])
def test_wage_cell_is_hidden_when_it_has_fewer_than_five_firms(firms: int, is_hidden: bool) -> None:
    assert (Reason.EMPLOYER_N in _reasons(_even(firms, 20))) is is_hidden


@pytest.mark.parametrize(("firms", "is_hidden"), [(2, True), (3, False), (4, False)])
def test_count_is_hidden_when_it_has_fewer_than_three_firms(firms: int, is_hidden: bool) -> None:
    assert (Reason.EMPLOYER_N in _count(_even(firms, 20))) is is_hidden


def test_five_firms_are_hidden_when_two_share_a_parent() -> None:
    """Trap 13."""
    apart = [Firm(20, "1000", 10, parent) for parent in "ABCDE"]
    shared = [Firm(20, "1000", 10, parent) for parent in "ABCDD"]
    assert _reasons(apart) == set()
    assert Reason.EMPLOYER_N in _reasons(shared)


@pytest.mark.parametrize(("dollars", "is_hidden"), [("2499", False), ("2500", False), ("2501", True)])
def test_wage_cell_is_hidden_when_one_firm_pays_more_than_a_quarter(dollars: str, is_hidden: bool) -> None:
    """Trap 14: 25.01 % of the dollars at 20 % of the heads is hidden, exactly 25 % is published."""
    each_other = str((Decimal(10000) - Decimal(dollars)) / 5)
    firms = [Firm(20, dollars, 10), *[Firm(16, each_other, 8) for _ in range(5)]]
    assert (_reasons(firms) == {Reason.DOMINANCE}) is is_hidden


@pytest.mark.parametrize(("heads", "is_hidden"), [(24, False), (25, False), (26, True)])
def test_wage_cell_is_hidden_when_one_firm_has_more_than_a_quarter_of_the_heads(
    heads: int, is_hidden: bool
) -> None:
    others = [15, 15, 15, 15, 40 - heads]
    firms = [Firm(heads, "1000", 10), *[Firm(n, "1000", 5) for n in others]]
    assert (Reason.DOMINANCE in _reasons(firms)) is is_hidden


def test_share_is_taken_of_people_when_somebody_counts_under_two_firms() -> None:
    twice = [Firm(6, "1000", 3), *[Firm(6, "1000", 3) for _ in range(5)]]
    assert _reasons(twice) == set()
    assert Reason.DOMINANCE in _reasons(twice, persons=20, denominator=20, numerator=10)


def test_exact_quarter_is_safe_when_floats_would_say_otherwise() -> None:
    third = Decimal("0.3333333333333333")
    assert not rules.has_large_share(3333333333333333, 10**16, third)
    assert rules.has_large_share(3333333333333334, 10**16, third)


@pytest.mark.parametrize(("largest", "is_hidden"), [(84, False), (85, False), (86, True)])
def test_count_is_hidden_when_the_largest_firm_has_more_than_85_percent(
    largest: int, is_hidden: bool
) -> None:
    assert bool(rules.has_large_share(largest, 100, Decimal("0.85"))) is is_hidden


@pytest.mark.parametrize(("two", "is_hidden"), [(89, False), (90, False), (91, True)])
def test_count_is_hidden_when_two_firms_have_more_than_90_percent(two: int, is_hidden: bool) -> None:
    firms = [Firm(two - 40), Firm(40), *[Firm(1) for _ in range(100 - two)]]
    assert (_count(firms) == {Reason.DOMINANCE}) is is_hidden


@pytest.mark.parametrize(("rest", "is_hidden"), [(9, True), (10, False), (11, False)])
def test_count_is_hidden_when_the_second_firm_can_estimate_the_largest(rest: int, is_hidden: bool) -> None:
    assert bool(rules.is_estimable_within(100, 50, 150 + rest, Decimal(10))) is is_hidden


def test_numerator_of_a_rate_is_judged_when_its_people_are_concentrated() -> None:
    firms = [Firm(20, "1000", 12), *[Firm(20, "1000", 0) for _ in range(5)]]
    reasons = _reasons(firms, numerator=12, metric_id="completion_rate", is_wage_derived=False)
    assert reasons == {Reason.DOMINANCE}


@pytest.mark.parametrize(("days", "is_hidden"), [(91, True), (92, True), (93, False)])
def test_wage_cell_is_hidden_when_its_data_are_not_older_than_92_days(days: int, is_hidden: bool) -> None:
    """Trap 15: 92 days old is three months to the day and not published, 93 is."""
    published_on = Quarter.parse(QUARTER).last_day + timedelta(days=days)
    assert (_reasons(_even(6), published_on=published_on) == {Reason.AGE_OF_DATA}) is is_hidden


@pytest.mark.parametrize(("days", "is_hidden"), [(-1, True), (0, True), (1, False)])
def test_count_is_hidden_when_its_quarter_has_not_ended(days: int, is_hidden: bool) -> None:
    published_on = Quarter.parse(QUARTER).last_day + timedelta(days=days)
    assert (_count(_even(6), published_on=published_on) == {Reason.AGE_OF_DATA}) is is_hidden


def test_cell_is_hidden_when_the_age_of_its_data_is_unknown() -> None:
    assert Reason.AGE_OF_DATA in _reasons(_even(6), newest_quarter=None)


def test_cell_is_hidden_when_no_firm_is_known_behind_it() -> None:
    cells, behind = _cell(_even(6))
    found = findings(cells, behind.iloc[:0], load_preset("board"), OLD_ENOUGH)
    assert Reason.EMPLOYER_N in set(found["reason"])


@pytest.mark.parametrize("status", [-1, -2])
def test_cell_breaks_no_rule_when_it_carries_no_value(status: int) -> None:
    assert _reasons([Firm(1)], value_status=status) == set()


def test_count_of_nobody_breaks_no_rule() -> None:
    assert _count([], persons=0, denominator=0) == set()


def test_ledger_line_is_judged_by_dollars_when_it_has_no_persons() -> None:
    ledger: dict[str, Any] = {
        "metric_id": "fund_contributions",
        "statistic": Statistic.LEDGER,
        "is_wage_derived": False,
        "persons": pd.NA,
        "denominator": pd.NA,
        "numerator": pd.NA,
    }
    two = [Firm(0, "500"), Firm(0, "500")]
    assert Reason.EMPLOYER_N in _reasons(two, money=Decimal(1000), **ledger)
    assert _reasons([], money=Decimal(0), **ledger) == set()
    assert _reasons([Firm(0, "500") for _ in range(5)], money=Decimal(2500), **ledger) == set()


def test_thresholds_are_off_when_the_input_was_public() -> None:
    policy = load_preset("already_public", source="published_before")
    assert _reasons([Firm(3, "10", 1)], policy=policy, newest_quarter="1978Q4") == set()


def test_concentration_adds_up_a_parents_rows_and_counts_size_whatever_the_sign() -> None:
    behind = pd.DataFrame(
        {"cell_id": ["a"] * 4, "parent_group_id": ["P", "P", "Q", "R"], "persons": [3, 4, -5, 0]}
    )
    spread = concentration(behind, "persons").loc["a"]
    assert spread.to_dict() == {"firms": 2, "total": 12, "largest": 7, "second": 5}


@pytest.mark.parametrize(
    ("amount", "cents"),
    [(Decimal("12.34"), 1234), (0.1 + 0.2, 30), (-5.55, -555), (987654321012.34, 98765432101234)],
)
def test_cents_are_exact_when_a_decimal_came_back_as_a_float(amount: Any, cents: int) -> None:
    assert to_cents(amount) == cents
