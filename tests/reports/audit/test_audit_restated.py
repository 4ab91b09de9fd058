"""The primary rules, restated: each at its threshold, one unit below and one above."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from reports.disclosure.audit.restated import Rules, failing
from reports.disclosure.audit.restated import width as width_of
from tests.reports.audit.patterns import POLICY

OFF = {
    "min_persons": 0,
    "min_firms": 0,
    "max_firm_share": None,
    "dominance": [],
    "p_percent": None,
    "min_age_days": None,
}


def rules(**limits: Any) -> Rules:
    return Rules.of(POLICY | {"count": OFF | limits}, "count")


def cell(units: int, **facts: int) -> tuple[np.ndarray, pd.DataFrame]:
    behind = {"firms": 9, "largest": 0, "second": 0, "persons": -1, "top_persons": -1} | facts
    return np.array([units]), pd.DataFrame([behind])


def fails(given: Rules, units: int, **facts: int) -> bool:
    return bool(failing(*cell(units, **facts), given, is_of_people=False)[0])


@pytest.mark.parametrize("persons, hidden", [(9, True), (10, False), (11, False), (-1, False)])
def test_cell_fails_when_too_few_persons_are_behind_it(persons: int, hidden: bool) -> None:
    assert fails(rules(min_persons=10), 500, persons=persons) is hidden


@pytest.mark.parametrize("firms, hidden", [(2, True), (3, False), (4, False), (0, True)])
def test_cell_fails_when_too_few_firms_are_behind_it(firms: int, hidden: bool) -> None:
    assert fails(rules(min_firms=3), 500, firms=firms) is hidden


@pytest.mark.parametrize("largest, hidden", [(249, False), (250, False), (251, True)])
def test_cell_fails_when_one_firm_holds_more_than_its_share(largest: int, hidden: bool) -> None:
    assert fails(rules(max_firm_share="0.25"), 1000, largest=largest) is hidden
    assert fails(rules(max_firm_share="0.25"), 1000, largest=1, persons=1000, top_persons=largest) is hidden


@pytest.mark.parametrize("second, hidden", [(299, False), (300, False), (301, True)])
def test_cell_fails_when_two_firms_hold_more_than_their_share(second: int, hidden: bool) -> None:
    assert fails(rules(dominance=[[2, "90"]]), 1000, largest=600, second=second) is hidden


@pytest.mark.parametrize("rest, hidden", [(59, True), (60, False), (61, False)])
def test_cell_fails_when_the_rest_is_less_than_p_percent_of_the_largest(rest: int, hidden: bool) -> None:
    assert fails(rules(p_percent="10"), 1000 + rest, largest=600, second=400) is hidden


def test_shares_are_exact_when_amounts_are_beyond_floating_point() -> None:
    whole = 4 * 10**15
    assert not fails(rules(max_firm_share="0.25"), whole, largest=whole // 4)
    assert fails(rules(max_firm_share="0.25"), whole, largest=whole // 4 + 1)


def test_empty_cell_is_a_structural_zero() -> None:
    assert not fails(rules(min_firms=3, min_persons=10), 0, firms=0, persons=0)


def test_count_of_persons_is_its_own_number_of_persons() -> None:
    given = rules(min_persons=10)
    assert failing(*cell(9), given, is_of_people=True)[0]
    assert not failing(*cell(10), given, is_of_people=True)[0]


def width(given: Rules, units: int, **facts: int) -> int:
    return int(width_of(*cell(units, **facts), given)[0])


def test_width_is_a_tenth_of_the_cell_and_at_least_one_unit() -> None:
    assert width(rules(), 1000) == 100
    assert width(rules(), 3) == 1
    assert width(rules(), 0) == 1


def test_width_is_the_rule_s_own_level_where_that_is_more() -> None:
    assert width(rules(dominance=[[1, "85"]]), 1000, largest=1000) == 176  # 1000/0.85 − 1000 = 176.47
    assert width(rules(dominance=[[2, "90"]]), 90, largest=60, second=30) == 10
    assert width(rules(p_percent="50"), 1000, largest=700, second=200) == 250
    assert width(rules(max_firm_share="0.25"), 1000, largest=1000) == 3000


def test_rules_are_read_as_fractions() -> None:
    given = rules(max_firm_share="0.25", dominance=[[1, "85"]], p_percent="12.5")
    assert given.shares == ((1, Fraction(17, 20)), (1, Fraction(1, 4)))
    assert given.p_share == Fraction(1, 8)
