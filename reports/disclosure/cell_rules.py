"""The primary rules and their protection levels on cells of an additive table, in whole units.

For cells that come with how many firms are behind them and what the largest holds. The rules themselves are
those of ``rules``; the levels are the policy's: how far an attacker's interval must reach on each side of a
hidden cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from reports.disclosure.policy import Protection, Thresholds
from reports.disclosure.rules import Reason, has_large_share, has_too_few, is_estimable_within


@dataclass(frozen=True)
class Spread:
    """A cell of one weight: its total, its firms, the largest part and, where known, the second and the
    persons.
    """

    total: int
    firms: int
    largest: int
    second: int | None = None
    persons: int | None = None


@dataclass(frozen=True)
class Level:
    """A hidden cell: the first rule it breaks, and how far it must stay open above and below."""

    reason: Reason
    up: int
    down: int


def judged(spread: Spread, limits: Thresholds, protection: Protection, *, zeros: str) -> Level | None:
    """What a cell breaks and what it then needs; None for a safe one.

    An empty cell is known to be empty (``zeros`` structural) or is hidden like any other (sensitive). The
    level upwards is at least one unit; downwards it is never more than the cell holds.
    """
    if spread.total == 0 and spread.firms == 0 and zeros == "structural":
        return None
    broken = list(_broken(spread, limits))
    if not broken:
        return None
    levels = [level for _, level in broken] if protection.rule_level else []
    up = max(ceil(Fraction(protection.share) * spread.total), protection.units, *levels, 1)
    return Level(broken[0][0], up, min(up, spread.total))


def _broken(spread: Spread, limits: Thresholds) -> Iterator[tuple[Reason, int]]:
    """Every rule the cell breaks, with the rule's own level (disclosure policy, section 1)."""
    if spread.persons is not None and has_too_few(spread.persons, limits.min_persons):
        yield Reason.PERSON_N, limits.min_persons - spread.persons
    if has_too_few(spread.firms, limits.min_firms):
        yield Reason.EMPLOYER_N, limits.min_firms - spread.firms
    if limits.max_firm_share is not None:
        yield from _too_large(spread.largest, spread.total, limits.max_firm_share)
    for n, percent in limits.dominance:
        if n == 1 or spread.second is not None:
            held = spread.largest + (0 if n == 1 else spread.second or 0)
            yield from _too_large(held, spread.total, percent / 100)
    if limits.p_percent is not None and spread.second is not None:
        yield from _too_close(spread, limits.p_percent)


def _too_large(held: int, total: int, limit: Decimal) -> Iterator[tuple[Reason, int]]:
    if has_large_share(held, total, limit):
        yield Reason.DOMINANCE, ceil(held / Fraction(limit)) - total


def _too_close(spread: Spread, percent: Decimal) -> Iterator[tuple[Reason, int]]:
    second = spread.second or 0
    if is_estimable_within(spread.largest, second, spread.total, percent):
        level = Fraction(percent) / 100 * spread.largest - (spread.total - spread.largest - second)
        yield Reason.DOMINANCE, ceil(level)
