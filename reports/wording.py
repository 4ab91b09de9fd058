"""How numbers, intervals and days are written for readers.

Sentences that state a finding are in ``findings.py``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts.quarters import Quarter
from reports.intervals import Interval
from reports.published import Row
from reports.rounding import STEPS

LOW = "[low]"
WORDS = {
    "verdict": {1: "met", 0: "inconclusive", -1: "not met"},
    "gate": {1: "passed", -1: "failed"},
    "signal": {1: "within limits", 0: "alert, cleared", -1: "alert, open"},
}
"""Units whose values are words."""
_MINUS = "−"


def number(row: Row) -> str:
    """The value of a row as printed, or its shorthand."""
    if row.value is None:
        return row.mark
    if row.cents is not None:
        return dollars_and_cents(row.cents)
    return in_unit(row.value, row.unit)


def in_unit(value: float, unit: str) -> str:
    """A value in its unit: ``82%``, ``$9,300``, ``1,250``, an hour's pay as ``$1.20``; ``[low]`` for a share
    that rounds to zero.
    """
    if unit == "share":
        return LOW if 0 < value < 0.005 else f"{value:.0%}"
    if unit in WORDS:
        return WORDS[unit][round(value)]
    if unit in STEPS:
        return _stepped(value, unit)
    if unit == "usd_per_hour":
        return dollars_and_cents(Decimal(repr(value)))
    if unit.startswith("usd"):
        return dollars(value)
    return f"{value:,.0f}"


def _stepped(value: float, unit: str) -> str:
    """A value with as many decimals as its unit is rounded to: ``34 days``, ``3.4``, ``0.87``."""
    decimals = -int(STEPS[unit].as_tuple().exponent)
    words = f" {unit}" if unit in ("days", "quarters") else ""
    return f"{_MINUS if value < 0 else ''}{abs(value):,.{decimals}f}{words}"


def dollars(value: float) -> str:
    """Whole dollars: ``$9,300``, ``−$200``."""
    return f"{_MINUS if value < 0 else ''}${abs(value):,.0f}"


def dollars_and_cents(value: Decimal) -> str:
    """Exact dollars: ``$1,234.50``."""
    return f"{_MINUS if value < 0 else ''}${abs(value):,.2f}"


def rounded_dollars(value: Decimal) -> str:
    """A large amount for a headline: ``$1.24 million``, ``$312,000``."""
    size = abs(value)
    sign = _MINUS if value < 0 else ""
    if size >= 1_000_000:
        return f"{sign}${size / 1_000_000:.2f} million"
    return f"{sign}${round(size, -3):,.0f}" if size >= 10_000 else f"{sign}${size:,.0f}"


def span(interval: Interval | None, unit: str) -> str:
    """An interval as printed: ``80% to 84%``; empty where there is none."""
    if interval is None:
        return ""
    if unit == "share":
        return f"{interval.lower:.0%} to {interval.upper:.0%}"
    return f"{in_unit(interval.lower, unit)} to {in_unit(interval.upper, unit)}"


def interval(row: Row) -> str:
    """The interval of a row as a table prints it, or the shorthand that says why there is none."""
    return span(row.interval, row.unit) or ("[z]" if row.is_shown else row.mark)


def count(row: Row) -> str:
    """What a row counts: its denominator, or the count that it is; its shorthand where neither is shown."""
    counted = row.numerator if row.denominator is None else row.denominator
    return row.mark if counted is None else f"{counted:,}"


def points(difference: float) -> str:
    """A difference of two shares in percentage points, with its sign."""
    whole = round(difference * 100)
    return f"{'+' if whole > 0 else _MINUS if whole < 0 else ''}{abs(whole)}"


def in_points(difference: float) -> str:
    """The same with its unit: ``+1 point``, ``−3 points``."""
    said = points(difference)
    return f"{said} point" if said[1:] == "1" else f"{said} points"


def signed_dollars(difference: float) -> str:
    """A difference in dollars, with its sign."""
    return f"+{dollars(difference)}" if difference > 0 else dollars(difference)


def day(when: date) -> str:
    """A date in words: ``November 12, 2026``."""
    return f"{when:%B} {when.day}, {when.year}"


def period(name: str) -> str:
    """A release's period in words: ``third quarter 2026``."""
    year, _, quarter = name.partition("-Q")
    ordinal = {"1": "first", "2": "second", "3": "third", "4": "fourth"}[quarter]
    return f"{ordinal} quarter {year}"


def window(start: str, end: str) -> str:
    """A cohort window: ``2025Q1`` or ``2023Q4 to 2025Q1``."""
    return start if start == end else f"{start} to {end}"


def months(start: str, end: str) -> str:
    """A window of quarters for a sentence: ``between October 2023 and December 2025``."""
    first, last = Quarter.parse(start).first_day, Quarter.parse(end).last_day
    return f"between {first:%B %Y} and {last:%B %Y}"


def listed(names: tuple[str, ...]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + f" and {names[-1]}"
