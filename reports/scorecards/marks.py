"""How a firm's own figures are printed, from how many people on, and what stands where a published one is
not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reports import wording
from reports.intervals import Interval, round_money, wilson
from reports.published import HIDDEN, MISSING, Row
from warehouse.own_figures import Tally

FEW = 3
"""A firm knows its own rows; to be decent to its people, what rests on fewer of them than this is not
shown.
"""
FEW_MARK = "[few]"
NOT_YET = "not yet available"
_NOT_MATURE = -1
MONEY_STEP = 100
"""Mean pay is rounded to so many dollars, as published money is."""

SHORTHAND = (
    (HIDDEN, "Confidential: the consortium does not publish this figure, to protect people or firms."),
    (FEW_MARK, f"Fewer than {FEW} of your own people stand behind it, so it is left out."),
    (MISSING, "Not available: nobody is in the category, or nothing of the kind is published."),
    (NOT_YET, "Too early: time has to pass, or a file of some member is outstanding."),
    ("[z]", "Not applicable: an amount or a count has no margin of error."),
)


@dataclass(frozen=True)
class Own:
    """One own figure: its value where there is one, as printed, with interval, and on how much it rests."""

    value: float | None
    printed: str
    interval: Interval | None = None
    basis: str = ""

    @property
    def span(self) -> str:
        """Its interval as a table prints it, or the mark that stands for both."""
        if self.value is None:
            return self.printed
        return wording.span(self.interval, "share") or "[z]"


def counted(tally: Tally) -> Own:
    """A number of people."""
    if 0 < tally.counted < FEW:
        return Own(None, FEW_MARK)
    return Own(float(tally.counted), f"{tally.counted:,}")


def rate(tally: Tally) -> Own:
    """A share of people, with Wilson's interval."""
    if tally.counted == 0:
        return Own(None, MISSING)
    if tally.counted < FEW:
        return Own(None, FEW_MARK)
    hits = tally.hits or 0
    share = hits / tally.counted
    basis = f"{hits:,} of {tally.counted:,}"
    return Own(share, wording.in_unit(share, "share"), wilson(hits, tally.counted), basis)


def mean_pay(tally: Tally) -> Own:
    """Mean pay in a quarter, to the hundred."""
    if tally.counted == 0 or tally.mean_usd is None:
        return Own(None, MISSING)
    if tally.counted < FEW:
        return Own(None, FEW_MARK)
    rounded = round_money(tally.mean_usd, Decimal(MONEY_STEP))
    return Own(rounded, wording.dollars(rounded), None, f"{tally.counted:,} people")


def published(row: Row | None) -> str:
    """A published figure, or what stands in its place."""
    if row is None:
        return MISSING
    return NOT_YET if is_early(row) else wording.number(row)


def published_span(row: Row | None) -> str:
    """The interval of a published figure, or what stands in its place."""
    if row is None:
        return MISSING
    return NOT_YET if is_early(row) else wording.interval(row)


def is_early(row: Row) -> bool:
    """Whether a figure is not published yet, rather than hidden."""
    return row.status == _NOT_MATURE
