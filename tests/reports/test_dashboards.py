"""Dashboards between publications: what the committee may see, what the operator must."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reports.dashboards.committee import committee_dashboard
from reports.dashboards.operator import operator_dashboard
from reports.dashboards.seen import Inside, Shared, bounded, extracts_in, not_cleared, open_alerts
from reports.document import Document, Table
from reports.page import render_sheet
from reports.published import Published
from reports.tables import Publication
from tests.browsing import NEEDS_CHROMIUM, started, violations, width_of
from warehouse.attendance import ACCEPTED, HELD, MISSING, WITHDRAWN, FirmStanding, Place
from warehouse.config import CalendarEntry
from warehouse.missed import NOT_APPROVED, MissedDay
from warehouse.releases import Release
from warehouse.standing import StandingOfAll
from warehouse.status import Standing, WaitingFile

DAY, DUE = date(2026, 12, 1), date(2026, 10, 30)
LEAST = 3
LATE_FIRM, HELD_FIRM, FIGURE = "CANARYLATE", "CANARYHELD", "CANARYPROGRAM"
CALENDAR = (
    CalendarEntry(period="2026-Q3", date=date(2026, 11, 12)),
    CalendarEntry(period="2026-Q4", date=date(2027, 2, 12)),
)
ALERTS = pd.DataFrame(
    {
        "alert_kind_code": ["P_CHART", "CUSUM"],
        "metric_id": ["completion_rate"] * 2,
        "member": [FIGURE] * 2,
        "cohort_quarter": ["2026Q1"] * 2,
        "alert_id": ["A-1", None],
        "owner_seat_id": ["SEAT-1", None],
        "opened_date": [date(2026, 11, 20), None],
        "acknowledged_date": pd.array([None, None], dtype=object),
        "cleared_date": pd.array([None, None], dtype=object),
        "state": ["OPEN", "UNOWNED"],
    }
)


def _place(firm: str, state: str, *, is_late: bool = False, waiting: bool = False) -> Place:
    return Place(firm, "wage", "2026Q3", state, DUE, is_late, 1, waiting, 10, 9, {})


@pytest.fixture
def standing() -> StandingOfAll:
    places = [
        *(_place(f"F{n:02d}", ACCEPTED) for n in range(8)),
        _place(LATE_FIRM, MISSING, is_late=True),
        _place(HELD_FIRM, HELD, waiting=True),
    ]
    firms = tuple(FirmStanding(place.firm_id, (place,), 80) for place in places)
    return StandingOfAll("Rivers", "2026Q3", DUE, DAY, firms)


@pytest.fixture
def shared(publication: Publication, standing: StandingOfAll) -> Shared:
    return Shared(
        day=DAY,
        consortium="Rivers",
        region="Three Rivers",
        notice="",
        calendar=CALENDAR,
        missed=(),
        release=Release(Path("r"), "2026-Q3", "v1.0", {"published_on": "2026-11-12"}),
        published=Published(publication.frames()),
        alerts=open_alerts(ALERTS),
        quarter="2026Q3",
        due=DUE,
        extracts=extracts_in(standing, LEAST),
    )


@pytest.fixture
def inside(standing: StandingOfAll) -> Inside:
    waiting = WaitingFile(
        HELD_FIRM, "wage_2026Q3.csv", "WAI-003", "It rests.", datetime(2026, 11, 2, tzinfo=UTC)
    )
    rows = Standing("wage", 9, 1, 2, 0, 100, 90, 10, 90, 10)
    return Inside(standing, (rows,), (waiting,), ALERTS)


def _rows(document: Document, table_id: str) -> tuple[tuple[str, ...], ...]:
    tables: list[Table] = [table for section in document.sections for table in section.tables()]
    return next(table.rows for table in tables if table.table_id == table_id)


@pytest.mark.parametrize(
    "count,words",
    [
        (0, "none"),
        (2, "fewer than 3"),
        (3, "3 of 10"),
        (7, "7 of 10"),
        (8, "all but fewer than 3"),
        (10, "all"),
    ],
)
def test_few_firms_are_not_counted_out_on_either_side(count: int, words: str) -> None:
    assert bounded([n < count for n in range(10)], LEAST) == words


def test_firm_that_owes_nothing_any_more_is_counted_on_neither_page(
    shared: Shared, inside: Inside, standing: StandingOfAll
) -> None:
    gone = FirmStanding("F99", (_place("F99", WITHDRAWN),), None)
    less = replace(standing, firms=(*standing.firms[:8], gone))
    assert [one.parents for one in extracts_in(less, LEAST)] == ["all"]
    said = operator_dashboard(shared, replace(inside, standing=less))
    assert said.key_figures[0].value == "8 of 8"


def test_firms_with_one_owner_count_as_one(standing: StandingOfAll) -> None:
    """Three late firms of one group are one late parent: not counted out, though they are three files."""
    late = tuple(FirmStanding(f"L{n}", (_place(f"L{n}", MISSING),), 0) for n in range(3))
    several = replace(standing, firms=(*standing.firms[:8], *late))
    assert [one.parents for one in extracts_in(several, LEAST)] == ["8 of 11"]
    owned = replace(several, parents=dict.fromkeys(("L0", "L1", "L2"), "GROUP"))
    assert [one.parents for one in extracts_in(owned, LEAST)] == ["all but fewer than 3"]


def test_group_has_sent_nothing_whole_while_one_of_its_firms_is_late(standing: StandingOfAll) -> None:
    groups = {f"F{n:02d}": f"G{n % 4}" for n in range(8)} | {LATE_FIRM: "G0", HELD_FIRM: "G1"}
    owned = replace(standing, parents=groups)
    assert [one.parents for one in extracts_in(owned, 2)] == ["2 of 4"]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_nothing_is_said_of_an_extract_when_few_firms_owe_it(count: int) -> None:
    assert bounded([n < count for n in range(2)], LEAST) == "owed by fewer than 3"


def test_alert_is_on_no_page_when_it_was_cleared_though_no_chart_shows_it_any_more() -> None:
    unfounded = ALERTS[:1].assign(state="UNFOUNDED")
    assert [one.alert_id for one in open_alerts(not_cleared(unfounded))] == ["A-1"]
    assert not_cleared(unfounded.assign(cleared_date=date(2026, 11, 25))).empty
    assert not_cleared(pd.DataFrame()).empty


def test_committee_sees_no_firm_and_no_figure_of_an_alert_when_the_operator_sees_both(
    shared: Shared, inside: Inside
) -> None:
    theirs, ours = render_sheet(committee_dashboard(shared)), render_sheet(operator_dashboard(shared, inside))
    for secret in (LATE_FIRM, HELD_FIRM, FIGURE):
        assert secret.encode() in ours
        assert secret.encode() not in theirs
    assert _rows(committee_dashboard(shared), "files-in") == (("wage", "all but fewer than 3"),)
    assert _rows(committee_dashboard(shared), "alerts-open") == (
        ("A-1", "p chart", "November 20, 2026", "SEAT-1", "not yet"),
    )


def test_committee_figures_are_the_published_ones(shared: Shared) -> None:
    said = committee_dashboard(shared)
    row = shared.published.rows("outcomes_consortium", "completion_rate")[0]
    (shown,) = [one for one in said.key_figures if one.title == row.measure.title]
    assert row.value is not None
    assert shown.value == f"{row.value:.0%}"
    assert (
        said.headline == "The release of the third quarter 2026 is out. The next, of the fourth quarter "
        "2026, comes in 73 days."
    )


def test_next_release_is_the_next_by_its_day_when_the_calendar_is_in_another_order(shared: Shared) -> None:
    later = CalendarEntry(period="2027-Q1", date=date(2027, 5, 12))
    said = committee_dashboard(replace(shared, calendar=(later, *CALENDAR)))
    assert said.headline == committee_dashboard(shared).headline


def test_figures_are_left_out_when_nothing_is_published(shared: Shared) -> None:
    said = committee_dashboard(replace(shared, release=None, published=Published({})))
    assert said.key_figures == ()
    assert said.headline.startswith("Nothing is published yet.")


def test_missed_day_leads_both_pages_with_its_reason(shared: Shared, inside: Inside) -> None:
    late = replace(
        shared, day=date(2027, 3, 1), missed=(MissedDay("2026-Q4", date(2027, 2, 12), NOT_APPROVED),)
    )
    said = committee_dashboard(late)
    assert said.headline.startswith("Late: the release of the fourth quarter 2026")
    assert _rows(said, "days-kept")[1][2] == "Late: it is made and waits for approval"
    assert "1 announced day that was missed" in operator_dashboard(late, inside).headline


def test_operator_is_told_what_there_is_to_do(shared: Shared, inside: Inside) -> None:
    said = operator_dashboard(shared, inside)
    assert said.headline == (
        "To do: 2 firms with files that are late or held, 1 file that waits in a box and "
        "1 alert that nobody owns."
    )
    assert [row[0] for row in _rows(said, "firms-owing")] == [LATE_FIRM, HELD_FIRM]
    assert _rows(said, "rows-in")[0][-1] == "yes"


def test_operator_is_told_when_rows_do_not_add_up(shared: Shared, inside: Inside) -> None:
    wrong = replace(inside, rows=(replace(inside.rows[0], lake_accepted=89),))
    said = operator_dashboard(shared, wrong)
    assert "1 extract whose rows do not add up" in said.headline
    assert _rows(said, "rows-in")[0][-1] == "NO"


def test_nothing_is_to_do_when_all_is_in(shared: Shared, inside: Inside, standing: StandingOfAll) -> None:
    whole = replace(
        inside, standing=replace(standing, firms=standing.firms[:8]), waiting=(), alerts=ALERTS[:0]
    )
    assert operator_dashboard(shared, whole).headline.startswith("Nothing to do. The release of the third")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with started() as chromium:
        yield chromium


@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("scheme", [pytest.param(one, marks=NEEDS_CHROMIUM) for one in ("light", "dark")])
def test_pages_pass_axe_and_fit_a_phone(
    browser: Any, shared: Shared, inside: Inside, tmp_path: Path, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 900}, color_scheme=scheme)
    for number, document in enumerate((committee_dashboard(shared), operator_dashboard(shared, inside))):
        path = tmp_path / f"{number}.html"
        path.write_bytes(render_sheet(document))
        page.goto(path.as_uri())
        assert violations(page) == []
        assert width_of(page) <= 320
    page.close()
