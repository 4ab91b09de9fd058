"""Where everyone stands: every state, both sides of the deadline, and the score's three shares."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from contracts.errors import HomeError
from tests.warehouse.conftest import Drop
from tests.warehouse.test_intake_journey import ANN, BEN, run, wage, wage_row
from warehouse.attendance import Place, default_period, score
from warehouse.home import Home, open_box
from warehouse.ledger import Ledger
from warehouse.standing import StandingOfAll, where_everyone_stands

DUE, BEFORE = date(2026, 4, 30), date(2026, 4, 1)
NAME = "wage_2026Q1.csv"


def standing(home: Home, as_of: date, drop_on: datetime | None = None) -> StandingOfAll:
    del drop_on
    with Ledger.open(home) as ledger:
        return where_everyone_stands(home, ledger, "2026Q1", as_of)


def wage_place(home: Home, as_of: date = BEFORE, firm: str = "F001") -> Place:
    (one,) = standing(home, as_of).only(firm).firms
    return next(place for place in one.places if place.contract == "wage")


@pytest.fixture
def early(home: Home) -> Ledger:
    return Ledger.open(home, clock=lambda: datetime(2026, 4, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    "content,manifest,state",
    [
        (wage(wage_row(ANN)), None, "ACCEPTED"),
        (wage(wage_row(ANN), wage_row(BEN, "x")), None, "PARTIAL"),
        (wage(wage_row(ANN, "x")), None, "REJECTED"),
        (b"", None, "REJECTED"),
        (wage(wage_row(ANN)), "{", "REFUSED"),
        (wage(), '{"nil_return": true}', "ACCEPTED"),
    ],
)
def test_place_says_what_became_of_the_newest_file(
    home: Home, early: Ledger, drop: Drop, content: bytes, manifest: str | None, state: str
) -> None:
    drop(home, "F001", NAME, content, manifest)
    run(home, early)
    assert (wage_place(home).state, wage_place(home).files) == (state, 1)


def test_place_is_missing_when_a_firm_has_a_box_and_sent_nothing(home: Home) -> None:
    open_box(home, "F001")
    assert (wage_place(home).state, wage_place(home).is_late) == ("MISSING", False)
    assert [firm.firm_id for firm in standing(home, BEFORE).firms] == ["F001"]


def test_held_file_waits_beside_the_good_one(home: Home, early: Ledger, drop: Drop) -> None:
    for dollars in ("1.00", "2.00"):
        drop(home, "F001", NAME, wage(wage_row(ANN, dollars)))
        run(home, early)
    assert (wage_place(home).state, wage_place(home).waiting, wage_place(home).files) == ("ACCEPTED", True, 2)


def test_withdrawn_extract_is_neither_missing_nor_late(home: Home, early: Ledger, drop: Drop) -> None:
    drop(home, "F001", NAME, wage(wage_row(ANN)))
    run(home, early)
    (body,) = (entry.body for entry in early.entries("RECEIVED"))
    said = {"submission_type": "WITHDRAWAL", "supersedes": body["submission_id"]}
    (open_box(home, "F001") / f"{NAME}.manifest.json").write_text(json.dumps(said))
    run(home, early)
    place = wage_place(home, date(2026, 5, 1))
    assert (place.state, place.is_late, place.rows_in) == ("WITHDRAWN", False, 0)


@pytest.mark.parametrize("as_of,late", [(date(2026, 4, 29), False), (DUE, False), (date(2026, 5, 1), True)])
def test_missing_extract_is_late_when_the_due_day_is_past(home: Home, as_of: date, late: bool) -> None:
    open_box(home, "F001")
    assert wage_place(home, as_of).is_late is late


@pytest.mark.parametrize("day,late", [((4, 30), False), ((5, 1), True)])
def test_extract_stays_late_when_its_first_usable_file_was(
    home: Home, drop: Drop, day: tuple[int, int], late: bool
) -> None:
    with Ledger.open(home, clock=lambda: datetime(2026, *day, 12, tzinfo=UTC)) as ledger:
        drop(home, "F001", NAME, wage(wage_row(ANN)))
        run(home, ledger)
    assert wage_place(home, date(2026, 6, 1)).is_late is late


def test_members_are_those_of_the_register_in_that_quarter(home: Home, early: Ledger, drop: Drop) -> None:
    rows = ["F001,2020-01-01,", "F002,2020-01-01,2025-12-31", "F003,2026-03-31,", "F004,2026-04-01,"]
    header = "firm_id,naics_code,size_class,county_fips,joined_on,left_on,valid_from"
    lines = []
    for row in rows:
        firm, joined, left = row.split(",")
        lines.append(f"{firm},332710,2,48201,{joined},{left},2020-01-01")
    drop(home, "operator", "firm_2026Q1.csv", "\n".join([header, *lines, ""]).encode())
    assert run(home, early).accepted == 4
    open_box(home, "F009")
    assert [firm.firm_id for firm in standing(home, BEFORE).firms] == ["F001", "F003"]


def test_parents_are_those_of_the_register_on_the_last_day_of_the_quarter(
    home: Home, early: Ledger, drop: Drop
) -> None:
    rows = [
        "F001,GROUP,2020-01-01,2020-01-01",
        "F002,OTHER,2020-01-01,2020-01-01",
        "F002,GROUP,2020-01-01,2026-03-31",
        "F002,LATER,2020-01-01,2026-04-01",
        "F003,,2020-01-01,2020-01-01",
        "F004,LATER,2020-01-01,2026-04-01",
    ]
    header = "firm_id,parent_group_id,joined_on,valid_from,naics_code,size_class,county_fips"
    lines = [f"{row},332710,2,48201" for row in rows]
    drop(home, "operator", "firm_2026Q1.csv", "\n".join([header, *lines, ""]).encode())
    assert run(home, early).accepted == len(rows)
    found = standing(home, BEFORE)
    parents = {firm.firm_id: found.parent_of(firm.firm_id) for firm in found.firms}
    assert parents == {"F001": "GROUP", "F002": "GROUP", "F003": "F003", "F004": "LATER"}


def place(state: str, *, late: bool = False, rows: int = 0, accepted: int = 0) -> Place:
    return Place("F001", "wage", "2026Q1", state, DUE, late, 1, False, rows, accepted, {})


@pytest.mark.parametrize(
    "places,as_of,expected",
    [
        ([place("MISSING")] * 4, DUE, None),
        ([place("MISSING", late=True)] * 4, date(2026, 5, 1), 33),
        ([place("ACCEPTED", rows=10, accepted=10)] * 4, DUE, 100),
        ([place("ACCEPTED", rows=10, accepted=10), *[place("MISSING")] * 3], DUE, 100),
        ([place("ACCEPTED", rows=10, accepted=10), *[place("MISSING", late=True)] * 3], date(2026, 5, 1), 50),
        ([place("PARTIAL", rows=10, accepted=5)] * 2, DUE, 83),
        ([place("ACCEPTED", late=True, rows=10, accepted=10)] * 2, date(2026, 5, 1), 67),
        ([place("REJECTED", rows=10)] * 2, date(2026, 5, 1), 0),
        ([place("WITHDRAWN")], date(2026, 5, 1), None),
    ],
)
def test_score_is_the_mean_of_three_shares(places: list[Place], as_of: date, expected: int | None) -> None:
    assert score(places, as_of) == expected


@pytest.mark.parametrize(
    "as_of,period",
    [(date(2026, 3, 31), "2025Q4"), (date(2026, 4, 1), "2026Q1"), (date(2026, 6, 30), "2026Q1")],
)
def test_default_period_is_the_newest_that_has_ended(as_of: date, period: str) -> None:
    assert default_period(as_of) == period


def test_page_shows_every_firm_and_escapes_nothing_it_should_not(
    home: Home, early: Ledger, drop: Drop
) -> None:
    drop(home, "F001", NAME, wage(wage_row(ANN), wage_row(BEN, "x")))
    run(home, early)
    page = standing(home, BEFORE).as_page()
    assert '<th scope="row">F001</th>' in page
    assert "50.0 %" in page
    assert ANN not in page + json.dumps(standing(home, BEFORE).as_json())


def test_firm_that_is_no_member_is_named_as_such(home: Home) -> None:
    with pytest.raises(HomeError, match="HOM-021"):
        standing(home, BEFORE).only("F404")
