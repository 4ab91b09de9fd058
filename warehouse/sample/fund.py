"""The pooled fund: what firms pay, who matches it, what it is spent on.

Everything is reckoned in whole cents; spending never overdraws a source. What firms are assessed belongs in
``assessment``; how the ledger foots is restated by the dbt project.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pandas as pd

from warehouse.sample.assessment import Bounds, assess, bounds, split
from warehouse.sample.draws import stream, systematic
from warehouse.sample.enrollments import Files
from warehouse.sample.region import PROGRAMS
from warehouse.sample.registers import fund_start, size_classes
from warehouse.sample.text import BLANK, Texts, cents_texts, day_texts, frame, only_where
from warehouse.sample.transfers import moved, transfer_rows

MATCH_RATIOS = {
    "PUBLIC_STATE": Fraction(1, 2),
    "PUBLIC_FEDERAL": Fraction(3, 4),
    "PHILANTHROPY": Fraction(3, 10),
}
"""What each source adds to a dollar paid, in the quarters in which it matches."""

CATEGORIES: Mapping[str, int] = {
    "TUITION": 38,
    "INSTRUCTOR": 20,
    "FACILITY": 8,
    "EQUIPMENT": 10,
    "STIPEND": 8,
    "CHILDCARE": 4,
    "TRANSPORT": 4,
    "ASSESSMENT": 5,
    "EVALUATION": 3,
}
"""What a program's costs consist of, in hundredths."""

ADMINISTRATION = Fraction(7, 100)
"""Of what is spent on programs; not spent on any one program."""

RESERVE = Fraction(1, 10)
"""Of the balance, never spent in a quarter."""

_PAID_PART, _UNPAID = 0.16, 0.02
_IN_KIND_SHARE = 0.15
_IN_KIND = (
    ("FACILITY", "comparable rent"),
    ("EQUIPMENT", "depreciated cost"),
    ("INSTRUCTOR", "hours at usual pay"),
    ("CURRICULUM", "replacement cost"),
)


@dataclass
class Fund:
    """The fund's registers as text rows, and its totals in cents by source."""

    contributions: pd.DataFrame
    disbursements: pd.DataFrame
    transfers: pd.DataFrame
    received: dict[str, int]
    disbursed: dict[str, int]
    assessed: int
    in_kind: int
    by_program: dict[str, int]
    moved: dict[str, int]

    @property
    def closing(self) -> dict[str, int]:
        """What is left of each source."""
        return {
            source: self.received[source] - self.disbursed.get(source, 0) + self.moved.get(source, 0)
            for source in self.received
        }


@dataclass
class _Purse:
    """Balances and receipts in cents by source; pays from the source of which most is left, relatively."""

    balances: dict[str, int] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)

    def put(self, source: str, cents: int) -> None:
        self.balances[source] = self.balances.get(source, 0) + cents
        self.received[source] = self.received.get(source, 0) + cents

    def pay(self, cents: int) -> Iterator[tuple[str, int]]:
        """Pay an amount from as few sources as possible: (source, cents); never more than is there."""
        while cents > 0:
            source = max(
                self.balances, key=lambda name: Fraction(self.balances[name], max(self.received[name], 1))
            )
            part = min(cents, self.balances[source])
            self.balances[source] -= part
            cents -= part
            yield source, part

    @property
    def total(self) -> int:
        return sum(self.balances.values())


def match_source(quarter_year: int, quarter_number: int) -> str:
    """Who matches in a quarter: donors late in the year, a grant early in even years, else the state."""
    if quarter_number == 1 and quarter_year % 2 == 0:
        return "PUBLIC_FEDERAL"
    return "PHILANTHROPY" if quarter_number == 4 else "PUBLIC_STATE"


def make_fund(files: Files) -> Fund:
    """Contributions from the fund's first quarter on, and disbursements from the first enrollments on."""
    purse, contributions, disbursements = _Purse(), [], []
    for quarter in range(fund_start(files), files.region.settings.quarters):
        money = _contributions(files, quarter)
        contributions += [money, _in_kind(files, quarter)]
        purse.put("EMPLOYER", _cents(money["amount_usd"]))
        purse.put(_matcher(files, quarter), _cents(money["match_amount_usd"]))
        disbursements.append(_disbursements(files, quarter, purse))
    received, spent = pd.concat(contributions, ignore_index=True), pd.concat(disbursements, ignore_index=True)
    transfers = transfer_rows(files, purse.balances)
    return Fund(
        contributions=received,
        disbursements=spent,
        transfers=transfers,
        moved=moved(transfers),
        received=_received(received),
        disbursed=_sums(spent, "funding_source"),
        assessed=_cents(received["assessed_usd"]),
        in_kind=_cents(received.loc[received["kind"] == "IN_KIND", "amount_usd"]),
        by_program=_sums(spent, "program_id"),
    )


def registered_sizes(files: Files) -> list[int]:
    """Each firm's size class as the register has it since the fund began."""
    sizes: list[int] = size_classes(files.book.heads[:, fund_start(files)]).tolist()
    return sizes


def rule_bounds(files: Files, quarter: int) -> Bounds:
    """Floor and cap of the version in force: set for a calendar year, by the payroll before it."""
    calendar, started = files.region.settings.calendar, fund_start(files)
    set_in = next(n for n in range(started, quarter + 1) if calendar[n].year == calendar[quarter].year)
    return bounds(files.book.payroll[:, set_in - 1].tolist(), registered_sizes(files))


def _matcher(files: Files, quarter: int) -> str:
    calendar = files.region.settings.calendar[quarter]
    return match_source(calendar.year, calendar.number)


def _cents(amounts: pd.Series) -> int:
    """The sum of amounts written in dollars and cents; a blank adds nothing."""
    return sum(int(text.replace(".", "")) for text in amounts if text)


def _sums(rows: pd.DataFrame, by: str) -> dict[str, int]:
    return {str(name): _cents(part["amount_usd"]) for name, part in rows.groupby(by, sort=True)}


def _received(rows: pd.DataFrame) -> dict[str, int]:
    cash = rows[rows["kind"] == "CASH"]
    matched = cash[cash["matched_by"] != BLANK].groupby("matched_by", sort=True)
    return {"EMPLOYER": _cents(cash["amount_usd"])} | {
        str(n): _cents(p["match_amount_usd"]) for n, p in matched
    }


def _contributions(files: Files, quarter: int) -> pd.DataFrame:
    """One row per firm: assessed on the last quarter's payroll, mostly paid in full within the quarter."""
    firms, book = files.region.firms, files.book
    rng, count = stream(files.region.settings.seed, "contributions", quarter), len(firms)
    basis = book.payroll[:, quarter - 1]
    sizes = registered_sizes(files)
    assessed = np.array(assess(basis.tolist(), sizes, rule_bounds(files, quarter)), dtype=np.int64)
    # As many firms owe something in every quarter: a receivable that few are behind could not be published.
    short, unpaid = (systematic(np.full(count, share), rng) for share in (_PAID_PART, _UNPAID))
    paid = np.where(short, assessed * rng.integers(70, 95, count) // 100, assessed)
    paid = np.where(unpaid, 0, paid)
    ratio = MATCH_RATIOS[_matcher(files, quarter)]
    match = paid * ratio.numerator // ratio.denominator
    days = files.calendar.after_start(np.full(count, quarter), rng.integers(20, 80, count))
    columns = {
        **_head(files, quarter, "C", firms.ids),
        "basis_amount_usd": cents_texts(basis),
        "assessed_usd": cents_texts(assessed),
        "paid_on": only_where(paid > 0, day_texts(days)),
        "amount_usd": cents_texts(paid),
        "kind": "CASH",
        "in_kind_category": BLANK,
        "valuation_method": BLANK,
        "matched_by": only_where(match > 0, _matcher(files, quarter)),
        "match_amount_usd": only_where(match > 0, cents_texts(match)),
        "restricted_to_program_id": BLANK,
    }
    return frame(columns, count)


def _head(files: Files, quarter: int, letter: str, firm_ids: Texts) -> dict[str, object]:
    period = str(files.region.settings.calendar[quarter])
    return {
        "box": "operator",
        "quarter": period,
        "contribution_id": [f"{letter}-{period}-{firm}" for firm in firm_ids],
        "firm_id": firm_ids,
        "period": period,
    }


def _in_kind(files: Files, quarter: int) -> pd.DataFrame:
    """What some firms give in kind: rooms, machines, people's time."""
    firms = files.region.firms
    rng = stream(files.region.settings.seed, "in kind", quarter)
    givers = np.flatnonzero(rng.random(len(firms)) < _IN_KIND_SHARE)
    what = rng.integers(0, len(_IN_KIND), len(givers))
    days = files.calendar.after_start(np.full(len(givers), quarter), rng.integers(0, 80, len(givers)))
    columns = {
        **_head(files, quarter, "K", firms.ids[givers]),
        "basis_amount_usd": BLANK,
        "assessed_usd": BLANK,
        "paid_on": day_texts(days),
        "amount_usd": cents_texts(rng.integers(150_000, 900_000, len(givers))),
        "kind": "IN_KIND",
        "in_kind_category": [_IN_KIND[one][0] for one in what],
        "valuation_method": [_IN_KIND[one][1] for one in what],
        "matched_by": BLANK,
        "match_amount_usd": BLANK,
        "restricted_to_program_id": BLANK,
    }
    return frame(columns, len(givers))


def _disbursements(files: Files, quarter: int, purse: _Purse) -> pd.DataFrame:
    """One row per program, category and source: what the quarter's places cost, within the balance."""
    rng = stream(files.region.settings.seed, "disbursements", quarter)
    rows = []
    for program, category, cents in _bills(files, quarter, purse):
        day = files.calendar.after_start(np.array([quarter]), rng.integers(5, 85, 1))
        rows += [(program, category, source, part, day_texts(day)[0]) for source, part in purse.pay(cents)]
    period = str(files.region.settings.calendar[quarter])
    programs = np.array([program for program, *_ in rows], dtype=object)
    columns = {
        "box": "operator",
        "quarter": period,
        "disbursement_id": [f"D-{period}-{number + 1:04d}" for number in range(len(rows))],
        "program_id": programs,
        "cohort_id": only_where(programs != BLANK, programs + "-" + period),
        "payee_id": [f"PAYEE-{category}" for _, category, *_ in rows],
        "category": [category for _, category, *_ in rows],
        "amount_usd": cents_texts(np.array([part for *_, part, _ in rows], dtype=np.int64)),
        "incurred_on": [day for *_, day in rows],
        "funding_source": [source for _, _, source, *_ in rows],
        "expires_on": BLANK,
    }
    return frame(columns, len(rows))


def _bills(files: Files, quarter: int, purse: _Purse) -> list[tuple[str, str, int]]:
    """(program, category, cents) due in the quarter; all are cut alike where the fund could not pay them."""
    entered = files.calendar.quarter_of(files.terms.entry) == quarter
    seats = np.bincount(files.region.seats.programs[files.terms.seats[entered]], minlength=len(PROGRAMS))
    due = {
        program.program_id: int(seats[number]) * program.unit_cost_usd * 100
        for number, program in enumerate(files.region.settings.offered)
    }
    spendable = purse.total - int(purse.total * RESERVE)
    wanted = sum(due.values()) + int(sum(due.values()) * ADMINISTRATION)
    cut = min(Fraction(1), Fraction(spendable, wanted)) if wanted else Fraction(1)
    bills = [bill for program, cents in due.items() for bill in _split(program, int(cents * cut))]
    administration = int(sum(due.values()) * ADMINISTRATION * cut)
    return [*bills, (BLANK, "ADMIN", administration)] if administration else bills


def _split(program: str, cents: int) -> list[tuple[str, str, int]]:
    parts = split(cents, list(CATEGORIES.values()))
    return [(program, category, part) for category, part in zip(CATEGORIES, parts, strict=True) if part]
