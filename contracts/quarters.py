"""Calendar quarters, written ``2026Q1``, and the arithmetic on them.

Quarters are quarters, never dates: adding and comparing happens on a running number.
Program years, fiscal calendars and prices do not belong here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

_SHAPE = re.compile(r"\A([0-9]{4})Q([1-4])\Z")


@total_ordering
@dataclass(frozen=True)
class Quarter:
    """One calendar quarter of one year (year 1–9999, number 1–4)."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``2026Q1``; ValueError for anything else."""
        match = _SHAPE.match(text)
        if match is None or match[1] == "0000":
            raise ValueError("a quarter is written YYYYQn, for example 2026Q1")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter a day lies in."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def index(self) -> int:
        """A running number: consecutive quarters differ by one."""
        return self.year * 4 + self.number - 1

    @property
    def first_day(self) -> date:
        """The quarter's first calendar day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """The quarter's last calendar day."""
        return (self + 1).first_day - timedelta(days=1)

    def __add__(self, quarters: int) -> Quarter:
        year, number = divmod(self.index + quarters, 4)
        return Quarter(year, number + 1)

    def __sub__(self, other: Quarter) -> int:
        return self.index - other.index

    def __lt__(self, other: Quarter) -> bool:
        return self.index < other.index

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.number}"


def quarters_between(first: Quarter, last: Quarter) -> list[Quarter]:
    """Every quarter from ``first`` to ``last``, both included; empty when ``last`` is earlier."""
    return [first + step for step in range(last - first + 1)]
