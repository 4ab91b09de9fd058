"""Rounding and intervals against hand-worked and published numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reports.intervals import (
    Interval,
    mean_difference,
    mean_interval,
    newcombe,
    round_count,
    round_money,
    wilson,
)


@pytest.mark.parametrize(
    ("count", "rounded"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (1012, 1010), (1013, 1015)]
)
def test_counts_are_rounded_to_the_nearest_five(count: int, rounded: int) -> None:
    assert round_count(count, 5) == rounded


@pytest.mark.parametrize(("count", "rounded"), [(4, 0), (5, 10), (14, 10), (15, 20)])
def test_counts_are_rounded_up_when_they_lie_halfway(count: int, rounded: int) -> None:
    assert round_count(count, 10) == rounded


@pytest.mark.parametrize(
    ("amount", "rounded"), [("9349.99", 9300), ("9350", 9400), ("-150", -200), ("-149.99", -100), ("49", 0)]
)
def test_money_is_rounded_to_a_hundred_dollars(amount: str, rounded: int) -> None:
    assert round_money(Decimal(amount), Decimal(100)) == rounded


def test_wilson_agrees_with_newcombes_published_examples() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
    expected = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for counts, ends in expected.items():
        interval = wilson(*counts)
        assert (interval.lower, interval.upper) == pytest.approx(ends, abs=5e-5)


def test_newcombe_agrees_with_his_published_examples() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10."""
    first, second = newcombe((56, 70), (48, 80)), newcombe((9, 10), (3, 10))
    assert (first.lower, first.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (second.lower, second.upper) == pytest.approx((0.1705, 0.8090), abs=5e-5)


def test_mean_difference_contains_the_known_gap_of_the_experiment() -> None:
    gap, interval = mean_difference((6349.14, 7867.40, 185), (4554.80, 5483.84, 260))
    assert gap == pytest.approx(1794.34)
    assert interval.lower > 0
    assert mean_interval(10, 2, 4) == Interval(10 - 1.959963984540054, 10 + 1.959963984540054)


def test_intervals_overlap_when_they_share_an_end() -> None:
    assert Interval(0.1, 0.2).overlaps(Interval(0.2, 0.3))
    assert not Interval(0.1, 0.2).overlaps(Interval(0.2001, 0.3))
