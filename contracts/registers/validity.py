"""Effective dates, as every register writes them: first and last day a row is true in the world.

When a row was known to the consortium is the ledger's business, not the register's.
"""

from __future__ import annotations

from contracts.fields import IsoDate, Privacy
from contracts.rules import RowRule


def first_day() -> IsoDate:
    """The first day the row is true."""
    return IsoDate(description="First day the row holds; blank: from the beginning.", privacy=Privacy.PUBLIC)


def last_day() -> IsoDate:
    """The last day the row is true."""
    return IsoDate(description="Last day the row holds; blank: until further notice.", privacy=Privacy.PUBLIC)


def valid_in_order(code: str, first: str, last: str) -> RowRule:
    """The last day is not before the first."""
    return RowRule(
        code=code,
        needs=(last, first),
        ok=lambda row: row[last] >= row[first],
        message=f"{last} is before {first}",
        hint="Check both dates; the last day is part of the time.",
        rationale="A row that ends before it begins holds on no day, and its key would be unknown.",
    )
