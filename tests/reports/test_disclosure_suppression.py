"""What a policy may ask of hiding: a cost, and no more attackers than are proved against."""

from __future__ import annotations

import pytest

from contracts.errors import DisclosureError
from reports.disclosure.policy import load_preset
from reports.disclosure.suppression import price, suppressed


def test_hiding_is_refused_when_the_policy_asks_for_coalitions() -> None:
    with pytest.raises(DisclosureError, match="DIS-006"):
        suppressed([], load_preset("board").tightened_by({"coalition": 2}))


@pytest.mark.parametrize(("cost", "small", "large"), [("unit", 1, 1), ("log", 2, 4), ("value", 9, 999)])
def test_hiding_costs_what_the_policy_says_when_numbers_differ_in_size(
    cost: str, small: float, large: float
) -> None:
    assert (price(cost, 9), price(cost, 999)) == (small, large)
