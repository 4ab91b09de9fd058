"""Scorecards and fund statements: own figures beside published cells, to the cent, and nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from itertools import pairwise
from typing import Any

import openpyxl
import pandas as pd
import pytest

from contracts.errors import ScorecardError
from reports import wording
from reports.disclosure.policy import Policy
from reports.document import Document, Table
from reports.facts import ReleaseFacts
from reports.intervals import wilson
from reports.measures import measure
from reports.published import Published, Row
from reports.scorecards.account import balanced
from reports.scorecards.marks import counted, mean_pay, rate
from reports.scorecards.member import Beside, Member, windows_of
from reports.scorecards.rendering import MOST_BYTES, file_names, render_member
from reports.scorecards.scorecard import scorecard
from reports.scorecards.statement import require_ledger, statement
from reports.scorecards.waiting import median_wait
from reports.tables import Publication, publish_tables
from tests.browsing import NEEDS_CHROMIUM, figures_are_named, started, violations, width_of
from warehouse.attendance import FirmStanding, Place
from warehouse.own_figures import (
    ALL,
    COMPLETED,
    CREDENTIALED,
    EMPLOYED,
    PAID,
    RETAINED,
    SERVED,
    AccountLine,
    OwnFigures,
    SeatLine,
    SentRows,
    Tally,
    Window,
)

ZERO = Decimal("0.00")
PROGRAMS = {
    "P1": "Welding and metal fabrication",
    "P4": "Certified nursing assistant",
    "P9": "Never published",
}


def line(period: str, booked: str, paid: str, **changes: Any) -> AccountLine:
    """One booked quarter; what is owed is what was not paid unless said otherwise."""
    asked, given = Decimal(booked), Decimal(paid)
    made = AccountLine(period, True, asked, asked, given, asked - given, ZERO, ZERO, ZERO, ZERO)
    return replace(made, **changes)


ACCOUNT = (
    line("2023Q4", "4105.31", "3078.97", matched=Decimal("1539.48")),
    line("2024Q1", "4172.52", "5198.86", in_kind=Decimal("5018.79")),
    line("2026Q1", "4313.53", "4000.01", assessed=Decimal("4300.00")),
    line("2026Q2", "4180.97", "4180.97", given=Decimal("250.25"), received=Decimal("99.90")),
    replace(line("2026Q3", "0.00", "0.00"), is_booked=False, assessed=Decimal("4172.57")),
)
TALLIES = {
    (SERVED, ALL): Tally(37, 0),
    (SERVED, "P1"): Tally(35, 0),
    (SERVED, "P4"): Tally(2, 0),
    (SERVED, "2026Q2"): Tally(7, 0),
    (SERVED, "2026Q1"): Tally(2, 0),
    (COMPLETED, ALL): Tally(31, 29),
    (COMPLETED, "P1"): Tally(29, 27),
    (COMPLETED, "P4"): Tally(2, 2),
    (CREDENTIALED, ALL): Tally(2, 2),
    (EMPLOYED, ALL): Tally(23, 22),
    (PAID, ALL): Tally(22, 0, Decimal("12463.21")),
    (RETAINED, ALL): Tally(16, 13),
}
SEATS = (SeatLine("FILLED", 61, 4, True), SeatLine("CANCELLED", 20, 1, False), SeatLine("OPEN", 90, 2, False))
SENT = (SentRows("enrollment", 57, 53), SentRows("wage", 6559, 6551), SentRows("credential", 27, 26))


def own(**changes: Any) -> OwnFigures:
    """The figures of one firm."""
    made = OwnFigures("F001", "Firm 1", TALLIES, PROGRAMS, ACCOUNT, SEATS, SENT)
    return replace(made, **changes)


def _standing() -> FirmStanding:
    place = Place("F001", "wage", "2026Q2", "ACCEPTED", date(2026, 7, 30), False, 1, False, 211, 207, {})
    return FirmStanding("F001", (place, replace(place, contract="placement", is_late=True)), 86)


@pytest.fixture(scope="module")
def member() -> Member:
    return Member(own(), (_standing(),))


@pytest.fixture(scope="module")
def beside(publication: Publication, facts: ReleaseFacts) -> Beside:
    return Beside(Published(publication.frames()), facts)


@pytest.fixture(scope="module")
def files(member: Member, beside: Beside) -> Mapping[str, bytes]:
    return render_member(member, beside)


def _tables(document: Document) -> Iterator[Table]:
    for section in document.sections:
        yield from section.tables()


def _table(document: Document, table_id: str) -> Table:
    return next(table for table in _tables(document) if table.table_id == table_id)


def _everything(documents: tuple[Document, ...]) -> str:
    return repr(documents)


NUMBER = re.compile(r"(?<![\w.])[−-]?\$?\d[\d,]*(?:\.\d+)?%?")


def _numbers(text: str) -> set[str]:
    return {found.lstrip("−-") for found in NUMBER.findall(text)}


def _printed(row: Row) -> set[str]:
    """Every way in which a published row may stand on a page."""
    texts = [
        wording.number(row),
        wording.interval(row),
        f"{row.numerator or 0:,}",
        f"{row.denominator or 0:,}",
    ]
    texts += [f"{row.value:.1%}"] if row.value is not None and row.unit == "share" else []
    return {number for text in texts for number in _numbers(text)}


def _own_numbers(figures: OwnFigures) -> set[str]:
    """Every number that a firm's own figures come to, by this test's own arithmetic."""
    found: set[str] = set()
    for tally in figures.tallies.values():
        hits = tally.hits or 0
        around = wilson(hits, tally.counted)
        found |= {f"{tally.counted:,}", f"{hits:,}", f"{hits / tally.counted:.0%}"}
        found |= {f"{around.lower:.0%}", f"{around.upper:.0%}"}
        if tally.mean_usd:
            found.add(f"${round(tally.mean_usd, -2):,.0f}")
    amounts = ("assessed", "booked", "paid", "owed", "matched", "in_kind", "given", "received")
    for name in amounts:
        every = [getattr(one, name) for one in figures.account]
        found |= {f"${abs(amount):,.2f}" for amount in (*every, sum(every, ZERO))}
    owed = [one.owed for one in figures.account if one.is_booked]
    found |= {f"${abs(sum(owed[:n], ZERO)):,.2f}" for n in range(len(owed) + 1)}
    booked = [one for one in figures.account if one.is_booked]
    found |= {f"${sum((getattr(one, name) for one in booked), ZERO):,.2f}" for name in ("booked", "paid")}
    found |= {f"{one.rows_in:,}" for one in figures.sent} | {f"{one.accepted:,}" for one in figures.sent}
    found |= {f"{one.accepted / one.rows_in:.1%}" for one in figures.sent}
    return found


def test_every_number_of_all_members_is_a_published_cell(member: Member, beside: Beside) -> None:
    published = {
        number
        for name, frame in beside.published.frames.items()
        if "metric_id" in frame.columns and "value_status" in frame.columns
        for metric in frame["metric_id"].unique()
        for row in beside.published.rows(name, str(metric))
        for number in _printed(row)
    }
    marks = {"[c]", "[x]", "[z]", "not yet available", ""}
    seen = 0
    for document in (scorecard(member, beside), statement(member, beside)):
        for table in _tables(document):
            places = [n for n, name in enumerate(table.header) if "ll members" in name or "of all" in name]
            places += [1] if table.table_id in ("bands",) else []
            for row in table.rows:
                for place in places:
                    if table.table_id in ("whole-fund", "benefit"):
                        continue  # sums of published cells: the two tests below reckon them again
                    seen += 1
                    assert row[place] in marks or _numbers(row[place]) <= published, (table.table_id, row)
    assert seen > 30


def test_every_number_of_yours_is_the_firms_own(member: Member, beside: Beside) -> None:
    known = _own_numbers(member.own) | {
        "61",
        "6",
        "4",
        "2",
        "7",
        "67%",
        "100%",
        "86",
        "211",
        "207",
        "422",
        "414",
        "1",
    }
    for document in (scorecard(member, beside), statement(member, beside)):
        for table in _tables(document):
            if table.table_id in ("whole-fund", "bands", "benefit"):
                continue
            for number, name in enumerate(table.header):
                if number and "ll members" not in name and "of all" not in name and name != "Quarters":
                    for row in table.rows:
                        assert _numbers(row[number]) <= known, (table.table_id, row)


def test_whole_fund_is_the_sum_of_published_cells_and_adds_up(member: Member, beside: Beside) -> None:
    frame = beside.published.frames["fund_ledger"]
    newest = frame.loc[frame["metric_id"] == "fund_closing", "cohort_start"].max()
    of_quarter = frame[frame["cohort_start"] == newest]
    table = _table(statement(member, beside), "whole-fund")
    for metric, rows in of_quarter.groupby("metric_id"):
        expected = sum((Decimal(str(one)) for one in rows["value"].dropna()), ZERO)
        printed = dict(table.rows).get(measure(str(metric)).title)
        assert printed in (None, f"${expected:,.2f}")
    assert dict(table.rows)["Closing balance"] != "$0.00"


def test_benefit_is_own_people_at_the_published_cost(member: Member, beside: Beside) -> None:
    costs = beside.published.frames["unit_costs"]
    per_person = costs[costs["metric_id"] == "cost_per_participant"].set_index("label")["value"]
    expected = 35 * per_person[PROGRAMS["P1"]] + 2 * per_person[PROGRAMS["P4"]]
    served = beside.consortium(SERVED)
    assert served is not None
    paid = sum((one.paid for one in ACCOUNT if served.start <= one.period <= served.end), ZERO)
    ledger = beside.published.frames["fund_ledger"]
    lines = ledger[
        (ledger["metric_id"] == "fund_contributions")
        & ledger["cohort_start"].between(served.start, served.end)
    ]
    everybody = sum((Decimal(str(one)) for one in lines["value"]), ZERO)
    rows = {row[0]: row[1:] for row in _table(statement(member, beside), "benefit").rows}
    assert rows["Paid into the fund"] == (f"${paid:,.2f}", f"${everybody:,.2f}", f"{paid / everybody:.1%}")
    assert rows["Their training, at the published cost"][0] == f"${expected:,.0f}"
    assert rows["Training for each dollar paid"][0] == f"${Decimal(str(expected)) / paid:.2f}"


def test_no_band_of_the_index_is_said_to_be_the_firms(member: Member, beside: Beside) -> None:
    said = _everything((statement(member, beside),))
    assert "your band" not in said.lower()


# --- hidden, early, few -------------------------------------------------------------------------------


def test_hidden_figures_are_marked_and_lead_to_why(
    marts: dict[str, pd.DataFrame], board: Policy, facts: ReleaseFacts, member: Member
) -> None:
    for name in ("agg_outcome_contributors", "agg_fund_contributors", "agg_unit_cost_contributors"):
        marts[name]["parent_group_id"] = "one owner"
    hidden = Beside(Published(publish_tables(marts, board, facts).frames()), facts)
    made = render_member(member, hidden)
    page, account, _ = file_names(facts.period, facts.version)
    for name in (page, account):
        text = made[name].decode()
        assert '<a href="#why">[c]</a>' in text
        assert 'id="why"' in text
        # Of the many measures withheld, only those on the page are explained.
        said = text[text.index('id="why"') :]
        assert ("Training completed, in outcomes consortium" in said) == (name == page)
        assert "Median quarterly earnings" not in said or name == page
        assert "in outcomes by sector" not in said
    cells = {row[0]: row[4] for row in _table(scorecard(member, hidden), "rates").rows}
    # Of credentials of completers, this region has no cell at all.
    assert set(cells.values()) == {"[c]", "[x]"}
    assert cells["Training completed"] == "[c]"


def test_early_figures_are_not_yet_available_on_both_sides(member: Member, beside: Beside) -> None:
    frame = beside.published.frames["outcomes_consortium"].copy()
    early = frame["metric_id"] == RETAINED
    frame.loc[early, "value_status"] = -1
    frame.loc[early, "value"] = None
    waiting = Beside(Published({**beside.published.frames, "outcomes_consortium": frame}), beside.facts)
    row = _table(scorecard(member, waiting), "rates").rows[3]
    assert (row[1], row[4]) == ("not yet available", "not yet available")
    assert RETAINED not in windows_of(waiting.published)


@pytest.mark.parametrize(("people", "is_shown"), [(2, False), (3, True), (4, True)])
def test_own_figures_of_fewer_than_three_people_are_left_out(people: int, is_shown: bool) -> None:
    tally = Tally(people, 1, Decimal("9000.00"))
    shown = [counted(tally), rate(tally), mean_pay(tally)]
    assert [one.value is not None for one in shown] == [is_shown] * 3
    assert [one.printed == "[few]" for one in shown] == [not is_shown] * 3


def test_windows_are_those_of_the_published_cells(beside: Beside) -> None:
    windows = windows_of(beside.published)
    row = beside.consortium(COMPLETED)
    assert row is not None
    assert windows[COMPLETED] == Window(row.start, row.end)


# --- the account ---------------------------------------------------------------------------------------


def test_account_opens_with_what_the_quarter_before_closed_with() -> None:
    lines = balanced(ACCOUNT)
    assert [one.period for one in lines] == ["2023Q4", "2024Q1", "2026Q1", "2026Q2"]
    assert [one.closing for one in lines] == [Decimal(n) for n in ("1026.34", "0.00", "313.52", "313.52")]
    assert [one.opening for one in lines[1:]] == [one.closing for one in lines[:-1]]


@pytest.mark.parametrize(
    "spoiled",
    [
        (*ACCOUNT[:1], replace(ACCOUNT[1], owed=Decimal("0.01"))),
        (*ACCOUNT[:1], replace(ACCOUNT[1], paid=Decimal("5198.865"), owed=Decimal("-1026.345"))),
        (  # Two wrong quarters that make up for each other.
            line("2023Q4", "10.00", "4.00", owed=Decimal("6.01")),
            line("2024Q1", "10.00", "4.00", owed=Decimal("5.99")),
        ),
        (ACCOUNT[1], ACCOUNT[0]),
        (ACCOUNT[0], ACCOUNT[0]),
    ],
)
def test_account_that_does_not_add_up_makes_no_statement(
    spoiled: tuple[AccountLine, ...], beside: Beside
) -> None:
    with pytest.raises(ScorecardError, match="SCO-001"):
        render_member(Member(own(account=spoiled)), beside)


def test_cash_book_that_does_not_add_up_makes_no_statement() -> None:
    amounts = {
        "fund_opening": Decimal("10.00"),
        "fund_disbursed": Decimal("4.00"),
        "fund_closing": Decimal("6.00"),
    }
    require_ledger(amounts, "2026Q2")
    with pytest.raises(ScorecardError, match="SCO-002"):
        require_ledger(amounts | {"fund_closing": Decimal("6.01")}, "2026Q2")


def test_statement_says_what_is_coming_and_where_books_and_rule_differ(
    member: Member, beside: Beside
) -> None:
    document = statement(member, beside)
    assert "$4,172.57 for 2026Q3" in _everything((document,))
    assert _table(document, "differing").rows == (("2026Q1", "$4,300.00", "$4,313.53"),)
    assert document.headline.endswith("$313.52 is owed at the end of 2026Q2.")


def test_statement_of_a_firm_without_an_account_is_empty_and_stands(beside: Beside) -> None:
    newcomer = Member(own(account=(), tallies={}, seats=(), sent=()))
    assert len(render_member(newcomer, beside)) == 3
    assert "empty" in statement(newcomer, beside).headline


# --- seats ---------------------------------------------------------------------------------------------


def test_median_wait_counts_cancelled_as_an_end_and_open_as_waiting() -> None:
    assert median_wait(SEATS) == 61
    assert median_wait((SeatLine("FILLED", 10, 1, False), SeatLine("OPEN", 40, 2, False))) is None
    even = (SeatLine("FILLED", 10, 1, False), SeatLine("FILLED", 30, 1, False))
    assert median_wait(even) == 10


# --- files and pages -----------------------------------------------------------------------------------


def test_files_are_the_same_bytes_each_time_and_light(
    member: Member, beside: Beside, files: Mapping[str, bytes]
) -> None:
    assert tuple(files) == file_names("2026-Q3", "v1.0")
    assert render_member(member, beside) == files
    assert all(len(content) <= MOST_BYTES for content in files.values())


def test_pages_and_workbook_hold_the_same_cells(
    member: Member, beside: Beside, files: Mapping[str, bytes]
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["scorecard-2026-Q3-v1.0.xlsx"]))
    pages = unescape("".join(files[name].decode() for name in list(files)[:2]))
    for document in (scorecard(member, beside), statement(member, beside)):
        for table in _tables(document):
            rows = list(book[table.table_id[:31]].iter_rows(values_only=True))[-len(table.rows) :]
            in_book = [tuple(f"{c:,}" if isinstance(c, int) else str(c) for c in row) for row in rows]
            assert in_book == [tuple(cell or "[z]" for cell in row) for row in table.rows], table.table_id
            assert all(f">{cell}<" in pages or "[c]" in cell for row in table.rows for cell in row)


def test_nothing_of_another_firm_stands_in_any_byte(
    files: Mapping[str, bytes], marts: dict[str, pd.DataFrame]
) -> None:
    canaries = {f"G{n:02d}" for n in range(40)} | {"parent_group_id", "CANARYFIRM"}
    for name, content in files.items():
        said = content.decode() if name.endswith(".html") else _unzipped(content)
        assert not {one for one in canaries if one in said}, name
        assert "Firm 1" in said


def _unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


@pytest.fixture(scope="module")
def written(files: Mapping[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("card")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.browser
@pytest.mark.skipif(NEEDS_CHROMIUM[1].args[0], reason="no Chromium: run `make browser`")
@pytest.mark.xdist_group("browser")
def test_pages_open_without_violation_overflow_or_request(written: Any) -> None:
    with started() as chromium:
        for width in (320, 1280):
            page = chromium.new_page(viewport={"width": width, "height": 900})
            requests: list[str] = []
            messages: list[str] = []
            page.on("request", lambda request, seen=requests: seen.append(request.url))
            page.on("console", lambda message, seen=messages: seen.append(message.text))
            opened = sorted(written.glob("*.html"))
            for path in opened:
                page.goto(path.as_uri())
                assert violations(page) == [], path.name
                assert width_of(page) <= width, path.name
                assert all(figures_are_named(page)), path.name
                assert page.evaluate("document.documentElement.lang") == "en-US"
                levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])")
                assert levels[0] == 1
                assert levels.count(1) == 1
                assert all(after - before <= 1 for before, after in pairwise(levels))
                assert page.evaluate(
                    "[...document.querySelectorAll('a[href^=\"#\"]')].every(a => "
                    "document.querySelector(a.hash))"
                )
            assert requests == [path.as_uri() for path in opened]
            assert messages == []
            page.close()
