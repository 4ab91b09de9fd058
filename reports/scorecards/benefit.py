"""Contribution against benefit for one firm, reckoned from its own numbers and published ones only.

The index that places firms into the published bands weighs totals that no release shows, so no firm is told
its band: own share times such a total would be known. What stands here instead any member can check by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from reports import wording
from reports.document import Block, Note, Table
from reports.figures import totals_by_quarter
from reports.published import HIDDEN, MISSING, Published, Row
from reports.scorecards.account import CENT
from reports.scorecards.marks import FEW, FEW_MARK, counted, published
from reports.scorecards.member import Beside, Member
from warehouse.own_figures import SERVED

COST, BANDS = "cost_per_participant", "firms_by_balance"


def benefit(member: Member, beside: Beside) -> Iterator[Block]:
    """What the firm paid beside what its people's training cost, over the quarters of the published cost."""
    served = beside.consortium(SERVED)
    if served is None or not served.is_shown:
        yield Note("Nothing is said here until people in training are published.", is_notice=True)
        return
    paid, all_paid = paid_in(member, served), contributions(beside.published, served)
    value, people = training_cost(member, beside), counted(member.own.tally(SERVED))
    yield Note(
        f"For {wording.window(served.start, served.end)}. Your people’s training is valued at what the fund "
        "paid out per person of each program, as published: money it could have spent on others. It is not "
        "what training was worth to you; the chapter on effects of the consortium’s report is about that."
    )
    rows = (
        ("Paid into the fund", wording.dollars_and_cents(paid), _dollars(all_paid), _of(paid, all_paid)),
        ("People in training", people.printed, published(served), _of(people.value, served.value)),
        ("Their training, at the published cost", spoken_cost(value), MISSING, ""),
        ("Training for each dollar paid", each_dollar(value, paid), MISSING, ""),
    )
    header = ("What", "You", "All members", "Your share")
    yield Table("benefit", "What you paid and what your people took part in", header, rows)
    yield from _bands(beside)


def training_cost(member: Member, beside: Beside) -> Decimal | None:
    """Own people of each program times the program's published cost per person, else that of all programs.

    None for fewer than FEW people, or where neither cost is shown.
    """
    own, total = member.own, Decimal(0)
    if own.tally(SERVED).counted < FEW:
        return None
    every = beside.whole("unit_costs", COST)
    for program, name in own.programs.items():
        people = own.tally(SERVED, program).counted
        row = beside.named("unit_costs", COST, name)
        cost = row if row is not None and row.is_shown else every
        if people and (cost is None or cost.value is None):
            return None
        total += people * Decimal(str(cost.value)) if cost is not None and cost.value is not None else 0
    return total


def contributions(release: Published, row: Row) -> Decimal | None:
    """What all members paid over the quarters of a row, from the published cash book; None where it is
    hidden.
    """
    totals = totals_by_quarter(release, "fund_contributions")
    quarters = row.quarters
    if not totals or not set(quarters) <= totals.keys():
        return None
    return sum((totals[quarter] for quarter in quarters), Decimal(0))


def paid_in(member: Member, row: Row) -> Decimal:
    """What the firm paid for the quarters of a row."""
    quarters = set(row.quarters)
    return sum((line.paid for line in member.own.account if line.period in quarters), Decimal("0.00"))


def _of(part: Decimal | float | None, whole: Decimal | float | None) -> str:
    return MISSING if part is None or not whole else f"{float(part) / float(whole):.1%}"


def _dollars(amount: Decimal | None) -> str:
    return HIDDEN if amount is None else wording.dollars_and_cents(amount)


def spoken_cost(value: Decimal | None) -> str:
    """The cost of its people's training as printed."""
    return FEW_MARK if value is None else wording.dollars(float(value))


def each_dollar(value: Decimal | None, paid: Decimal) -> str:
    """Training at the published cost for each dollar the firm paid."""
    if value is None or paid <= 0:
        return MISSING
    return wording.dollars_and_cents((value / paid).quantize(CENT, ROUND_HALF_UP))


def _bands(beside: Beside) -> Iterator[Block]:
    rows = beside.published.rows("contribution_balance", BANDS)
    if rows:
        yield Table(
            "bands",
            "All members: parent firms by share of benefit over share of contributions, published",
            ("Benefit over contribution", "Parent firms"),
            tuple((row.label, published(row)) for row in rows),
        )
