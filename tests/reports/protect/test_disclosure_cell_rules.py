"""Rules and protection levels of one cell, at every threshold."""

from __future__ import annotations

import pytest

from reports.disclosure.cell_rules import Spread, judged
from reports.disclosure.policy import MeasureKind, load_preset

BOARD = load_preset("board")
COUNT, WAGE = (BOARD.thresholds(kind) for kind in (MeasureKind.COUNT, MeasureKind.WAGE_DERIVED))


def level(spread: Spread, limits=COUNT, zeros: str = "structural"):
    return judged(spread, limits, BOARD.protection, zeros=zeros)


@pytest.mark.parametrize(
    ("spread", "reason", "up"),
    [
        (Spread(100, 3, 40, 35, persons=10), None, 0),
        (Spread(100, 3, 40, 35, persons=9), "PERSON_N", 10),
        (Spread(100, 2, 40, 40), "EMPLOYER_N", 10),
        (Spread(1000, 9, 851, 20), "DOMINANCE", 100),
        (Spread(1000, 9, 850, 20), None, 0),
        (Spread(1000, 9, 500, 401), "DOMINANCE", 100),
        (Spread(1000, 9, 500, 400), None, 0),
    ],
)
def test_cell_is_judged_at_each_threshold_when_it_is_just_met_or_just_not(spread, reason, up) -> None:
    found = level(spread)
    assert (found and found.reason) == reason
    assert (found.up if found else 0) == up


def test_level_is_the_rules_own_when_that_is_the_widest() -> None:
    # p %: 10 % of 900 less the others' 20 is 70; (1,85): 900 / 0.85 − 1000 = 58.8; 10 % of 1000 is 100.
    assert level(Spread(1000, 3, 900, 80)).up == 100
    # (1,85) on a cell of one firm: 1000 / 0.85 − 1000 = 176.5.
    assert level(Spread(1000, 1, 1000, 0)).up == 177
    # The largest share of 25 %: 500 / 0.25 − 1000 = 1000.
    assert level(Spread(1000, 9, 500, 100), WAGE).up == 1000


def test_level_downwards_is_no_more_than_the_cell_holds() -> None:
    found = level(Spread(3, 1, 3, 0, persons=3))
    assert (found.up, found.down) == (7, 3)


def test_empty_cell_is_hidden_only_when_zeros_are_sensitive() -> None:
    assert level(Spread(0, 0, 0, 0)) is None
    found = level(Spread(0, 0, 0, 0), zeros="sensitive")
    assert (found.up, found.down) == (3, 0)
