"""The fund statement: one firm's account like a bank's, to the cent, beside the fund's published cash book.

Every balance is checked before it is printed (``account``); a statement that does not add up is not made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from contracts.errors import ScorecardError
from reports import wording
from reports.document import (
    Block,
    Chart,
    ChartKind,
    Document,
    Figure,
    KeyFigure,
    Note,
    Point,
    Section,
    Table,
)
from reports.figures import LEDGER_LINES, totals_by_quarter
from reports.measures import measure
from reports.published import HIDDEN, Published
from reports.scorecards.account import Balanced, balanced
from reports.scorecards.benefit import BANDS, COST, benefit, each_dollar, paid_in, spoken_cost, training_cost
from reports.scorecards.member import CONSORTIUM, Beside, Member
from reports.scorecards.sheet import Sheet
from reports.wording import dollars_and_cents
from warehouse.own_figures import SERVED, AccountLine

CHAPTER = "Fund statement"
CAVEAT = (
    "Opening balance plus assessed less paid is the closing balance, quarter by quarter and to the cent; the "
    "statement is not made if it does not add up. Amounts of your account are yours alone; amounts of the "
    "whole fund are those of the release."
)
USED = frozenset(
    {(CONSORTIUM, SERVED), ("unit_costs", COST), ("contribution_balance", BANDS)}
    | {("fund_ledger", line) for line in LEDGER_LINES}
)
"""The published figures that stand on the page, by table and measure."""
_OUTGOING = ("fund_transfers_out", "fund_disbursed", "fund_lapsed")


def statement(member: Member, beside: Beside) -> Document:
    """The fund statement of one firm for one release; ScorecardError SCO-001 where it does not add up."""
    lines = balanced(member.own.account)
    sections = (
        Section("account", "Your account", tuple(_account(member, lines))),
        Section("beside", "Beside your payments", tuple(_beside(member.own.account))),
        Section("benefit-section", "Contribution and benefit", tuple(benefit(member, beside))),
        Section("fund", "The whole fund, as published", tuple(_fund(beside.published))),
    )
    figures = (*_key_figures(member.own.account, lines), *_returned(member, beside))
    return Sheet("statement", CHAPTER, _headline(lines), CAVEAT, figures, sections, USED).document(
        member, beside
    )


def _headline(lines: Sequence[Balanced]) -> str:
    if not lines:
        return "Nothing was assessed and nothing paid yet: your account with the fund is empty."
    assessed, paid = _sum(lines, "assessed"), _sum(lines, "paid")
    closing, newest = lines[-1].closing, lines[-1].period
    amounts = f"you were assessed {dollars_and_cents(assessed)} and paid {dollars_and_cents(paid)}"
    since = f"Since {lines[0].period} {amounts}"
    if closing == 0:
        return f"{since}: nothing is owed at the end of {newest}."
    if closing < 0:
        return f"{since}: you are {dollars_and_cents(-closing)} ahead at the end of {newest}."
    return f"{since}: {dollars_and_cents(closing)} is owed at the end of {newest}."


def _sum(lines: Sequence[object], name: str) -> Decimal:
    return sum((getattr(line, name) for line in lines), Decimal("0.00"))


def _key_figures(account: Sequence[AccountLine], lines: Sequence[Balanced]) -> Iterator[KeyFigure]:
    span = f"{lines[0].period} to {lines[-1].period}" if lines else ""
    amounts = (
        ("Assessed", _sum(lines, "assessed")),
        ("Paid", _sum(lines, "paid")),
        ("Owed", lines[-1].closing if lines else Decimal("0.00")),
        ("Matched by partners", _sum(account, "matched")),
    )
    for title, amount in amounts:
        when = f"At the end of {lines[-1].period}" if title == "Owed" and lines else span
        yield KeyFigure(title, dollars_and_cents(amount), when, "", "", "")


def _returned(member: Member, beside: Beside) -> Iterator[KeyFigure]:
    """What its people's training cost at the published price, and for each dollar paid."""
    served = beside.consortium(SERVED)
    if served is None or not served.is_shown:
        return
    value, span = training_cost(member, beside), wording.window(served.start, served.end)
    yield KeyFigure(
        "Your people’s training", spoken_cost(value), f"At the published cost, {span}", "", "", ""
    )
    yield KeyFigure("For each dollar paid", each_dollar(value, paid_in(member, served)), span, "", "", "")


def _account(member: Member, lines: Sequence[Balanced]) -> Iterator[Block]:
    if not lines:
        yield Note("No quarter is booked yet.")
        return
    assessed, paid = _sum(lines, "assessed"), _sum(lines, "paid")
    whole = ("All quarters", lines[0].opening, assessed, paid, lines[-1].closing)
    table = Table(
        "account",
        "Your account by quarter: opening + assessed − paid = closing",
        ("Quarter", "Opening, owed", "Assessed", "Paid", "Closing, owed"),
        tuple(
            (str(name), *(dollars_and_cents(amount) for amount in amounts))
            for name, *amounts in (
                *((one.period, one.opening, one.assessed, one.paid, one.closing) for one in lines),
                whole,
            )
        ),
    )
    chart = Chart(
        "your-payments",
        ChartKind.COLUMNS,
        f"You paid {dollars_and_cents(lines[-1].paid)} for {lines[-1].period}",
        f"Columns, one per quarter, from {lines[0].period} to {lines[-1].period}. The table has each.",
        "usd",
        tuple(Point(one.period, float(one.paid), None, None, dollars_and_cents(one.paid)) for one in lines),
    )
    yield Figure(chart, "What you paid for each quarter that the operator’s books have reached.", table)
    yield from _coming(member.own.account)
    yield from _differing(member.own.account)


def _coming(account: Sequence[AccountLine]) -> Iterator[Block]:
    """Quarters that the funding rule has assessed and the books have not reached: no balance of them is
    known.
    """
    for line in account:
        if not line.is_booked and line.assessed:
            yield Note(
                f"Coming: {dollars_and_cents(line.assessed)} for {line.period} by the funding rule, not "
                "booked yet."
            )


def _differing(account: Sequence[AccountLine]) -> Iterator[Block]:
    """Quarters for which the books ask something else than the rule: the firm may ask why."""
    rows = tuple(
        (line.period, dollars_and_cents(line.assessed), dollars_and_cents(line.booked))
        for line in account
        if line.is_booked and line.assessed != line.booked
    )
    if rows:
        header = ("Quarter", "By the funding rule", "In the books")
        yield Table("differing", "Quarters in which the books ask something else than the rule", header, rows)


def _beside(account: Sequence[AccountLine]) -> Iterator[Block]:
    yield Note(
        "Not part of your balance: what partners added to your payments, what you gave in kind at its stated "
        "value, and what passed between you and other firms through the fund."
    )
    titles = {
        "matched": "Matched by partners",
        "in_kind": "Given in kind",
        "given": "Given to other firms",
        "received": "Received from other firms",
    }
    yield Table(
        "beside",
        "Beside your payments, since the fund began",
        ("What", "Amount"),
        tuple((title, dollars_and_cents(_sum(account, name))) for name, title in titles.items()),
    )


def _fund(release: Published) -> Iterator[Block]:
    """The newest published quarter of the cash book, all sources; it must add up as well."""
    lines = {line: totals_by_quarter(release, line) for line in LEDGER_LINES}
    closing = lines["fund_closing"]
    if not closing:
        yield Note(f"The fund’s cash book is not published: {HIDDEN}.", is_notice=True)
        return
    newest = max(closing)
    amounts = {line: of_quarter.get(newest, Decimal(0)) for line, of_quarter in lines.items()}
    require_ledger(amounts, newest)
    yield Table(
        "whole-fund",
        f"Cash of the fund in {newest}, all sources",
        ("Line", "All members and partners"),
        tuple((measure(line).title, dollars_and_cents(amount)) for line, amount in amounts.items()),
    )


def require_ledger(amounts: dict[str, Decimal], quarter: str) -> None:
    """ScorecardError SCO-002 when opening and lines do not give the closing balance. ``amounts``: by line."""
    reckoned = sum(
        (
            -amount if line in _OUTGOING else amount
            for line, amount in amounts.items()
            if line != "fund_closing"
        ),
        Decimal(0),
    )
    if reckoned != amounts["fund_closing"]:
        raise ScorecardError(
            "SCO-002",
            found="a published cash book whose opening balance and lines do not give its closing balance",
            expected="opening + in − out = closing, to the cent",
            where=f"the release’s table fund_ledger, {quarter}",
            remedy="No statement was made. Do not use this copy of the release: `guildhall verify` names its "
            "files.",
        )
