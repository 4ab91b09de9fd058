"""What a measure is: the kind of number, and what it is called in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Statistic(StrEnum):
    """What kind of number a measure is: it decides how it is judged, rounded and printed."""

    COUNT = "count"
    RATE = "rate"
    MEDIAN = "median"
    MEAN = "mean"
    UNIT_COST = "unit_cost"
    LEDGER = "ledger"
    AMOUNT = "amount"
    VERDICT = "verdict"
    ROWS = "rows"


@dataclass(frozen=True)
class Measure:
    """One measure: ``subject`` opens a sentence about it, ``title`` heads a figure, ``counted``
    names what its denominator counts, ``meaning`` explains it.

    ``is_wage_derived`` is a floor: a mart may say yes where this says no, never the reverse.
    """

    metric_id: str
    statistic: Statistic
    is_wage_derived: bool
    subject: str
    title: str
    counted: str
    meaning: str
