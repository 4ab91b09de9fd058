"""Quarters count like quarters."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.quarters import Quarter, quarters_between


@pytest.mark.parametrize("text", ["2026Q0", "2026Q5", "2026q1", "2026Q1\n", "0000Q1", "٢٠٢٦Q1", "26Q1", ""])
def test_quarter_is_refused_when_it_is_not_written_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="2026Q1"):
        Quarter.parse(text)


@pytest.mark.parametrize(
    "day,text",
    [
        (date(2026, 1, 1), "2026Q1"),
        (date(2026, 3, 31), "2026Q1"),
        (date(2026, 4, 1), "2026Q2"),
        (date(2026, 12, 31), "2026Q4"),
    ],
)
def test_day_lies_in_its_quarter(day: date, text: str) -> None:
    quarter = Quarter.of(day)
    assert str(quarter) == text
    assert quarter.first_day <= day <= quarter.last_day


def test_quarters_add_over_the_turn_of_the_year() -> None:
    assert str(Quarter.parse("2025Q4") + 1) == "2026Q1"
    assert str(Quarter.parse("2026Q1") + -5) == "2024Q4"
    assert Quarter.parse("2026Q1") - Quarter.parse("2025Q3") == 2
    assert Quarter.parse("2025Q4") < Quarter.parse("2026Q1")


def test_quarters_between_holds_both_ends_and_is_empty_when_reversed() -> None:
    first, last = Quarter.parse("2025Q4"), Quarter.parse("2026Q2")
    assert [str(one) for one in quarters_between(first, last)] == ["2025Q4", "2026Q1", "2026Q2"]
    assert quarters_between(last, first) == []
