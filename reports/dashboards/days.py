"""What both dashboards say of announced days: which are kept, which are missed, which come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from reports import wording
from reports.dashboards.seen import Shared
from reports.document import Section, Table
from warehouse.config import CalendarEntry
from warehouse.missed import FAILED, NO_RUN, NOT_APPROVED, REFUSED

PAST = timedelta(days=400)
"""How far back the calendar is shown."""
WHY: Mapping[str, str] = {
    NOT_APPROVED: "it is made and waits for approval",
    REFUSED: "the disclosure audit held it back",
    FAILED: "the run that should have made it failed",
    NO_RUN: "no run has made it",
}
"""Reasons of ``warehouse.missed`` for readers who give no commands."""


def headline(seen: Shared) -> str:
    """Whether days are kept, and what comes."""
    if seen.missed:
        periods = wording.listed(tuple(wording.period(one.period) for one in seen.missed))
        return f"Late: the release of the {periods} missed the day it was announced for."
    if seen.release is None:
        return f"Nothing is published yet. {_next(seen)}."
    return f"The release of the {wording.period(seen.release.period)} is out. {_next(seen)}."


def head(seen: Shared, whom: str) -> tuple[tuple[str, str], ...]:
    """Label and text pairs for the head of a page."""
    coming = _coming(seen)
    newest = seen.release
    return (
        ("As of", wording.day(seen.day)),
        (
            "Newest release",
            "None yet" if newest is None else f"{newest.name}, {wording.day(newest.public_on)}",
        ),
        ("Next release", "Not announced yet" if coming is None else wording.day(coming.date)),
        ("Who sees it", whom),
    )


def section(seen: Shared) -> Section:
    """The calendar of the last year and of what is announced, with what became of each day."""
    shown = [entry for entry in seen.calendar if entry.date >= seen.day - PAST]
    rows = tuple((wording.period(one.period), wording.day(one.date), _fate(seen, one)) for one in shown)
    caption = "Announced days and what became of them"
    table = Table("days-kept", caption, ("Release", "Announced for", "What became of it"), rows, False)
    return Section("days", "Are announced days kept?", (table,))


def _next(seen: Shared) -> str:
    coming = _coming(seen)
    if coming is None:
        return "No further release is announced"
    return f"The next, of the {wording.period(coming.period)}, comes {_in_days(coming.date, seen.day)}"


def _coming(seen: Shared) -> CalendarEntry | None:
    """The next announced release whose day has not passed and that is not out yet."""
    return min(_ahead(seen), key=lambda one: one.date, default=None)


def _ahead(seen: Shared) -> list[CalendarEntry]:
    newest = "" if seen.release is None else seen.release.period
    return [one for one in seen.calendar if one.date >= seen.day and one.period > newest]


def _fate(seen: Shared, entry: CalendarEntry) -> str:
    missed = next((one for one in seen.missed if one.period == entry.period), None)
    if missed is not None:
        return f"Late: {WHY[missed.why]}"
    return f"Comes {_in_days(entry.date, seen.day)}" if entry in _ahead(seen) else "Published"


def _in_days(when: date, day: date) -> str:
    left = (when - day).days
    return {0: "today", 1: "tomorrow"}.get(left, f"in {left} days")
