"""A firm's account with the fund, quarter by quarter, to the cent; and that it adds up before it is
printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from contracts.errors import ScorecardError
from warehouse.own_figures import AccountLine

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Balanced:
    """One quarter of the account: what was owed before, what was assessed and paid for it, what is owed
    after.
    """

    period: str
    opening: Decimal
    assessed: Decimal
    paid: Decimal
    closing: Decimal


def balanced(account: Sequence[AccountLine]) -> tuple[Balanced, ...]:
    """The booked quarters in order, each opening with what the one before closed with; nothing is owed at
    first.

    ScorecardError SCO-001 when the lines are out of order, an amount is finer than a cent, or the books' own
    word on what is owed for a quarter is not assessed − paid.
    """
    lines: list[Balanced] = []
    for line in account:
        if not line.is_booked:
            continue
        opening = lines[-1].closing if lines else Decimal("0.00")
        _require_order(lines[-1].period if lines else "", line.period)
        _require_sum(line)
        lines.append(
            Balanced(line.period, opening, line.booked, line.paid, opening + line.booked - line.paid)
        )
    _require_whole(account, lines)
    return tuple(lines)


def _require_order(before: str, period: str) -> None:
    if period <= before:
        raise _unbalanced(period, "a quarter that does not follow the one before it", "quarters in order")


def _require_sum(line: AccountLine) -> None:
    if any(amount != amount.quantize(CENT) for amount in (line.booked, line.paid, line.owed)):
        raise _unbalanced(line.period, "an amount finer than a cent", "dollars and cents")
    if line.booked - line.paid != line.owed:
        raise _unbalanced(
            line.period, "an amount owed that is not assessed − paid", "the books to say the same"
        )


def _require_whole(account: Sequence[AccountLine], lines: Sequence[Balanced]) -> None:
    """Summed the other way: over all quarters at once."""
    owed = sum((line.owed for line in account if line.is_booked), Decimal("0.00"))
    if lines and lines[-1].closing != owed:
        raise _unbalanced(
            lines[-1].period, "a closing balance that is not the sum of what is owed", "the same"
        )


def _unbalanced(period: str, found: str, expected: str) -> ScorecardError:
    return ScorecardError(
        "SCO-001",
        found=found,
        expected=expected,
        where=f"the firm's account with the fund, {period}",
        remedy="No statement was made for this firm. Compare the contribution register with the funding "
        "rule, mend "
        "it, and run again.",
    )
