"""What a dashboard is made from: what everybody at the table may see, and what the operator sees besides.

A page for the committee is given ``Shared`` and nothing else, so it cannot say what is not in it. Gathering
it from a home belongs to ``orchestration``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from reports.published import Published
from warehouse.attendance import EXCUSED, USABLE, Place
from warehouse.config import CalendarEntry
from warehouse.missed import MissedDay
from warehouse.releases import Release
from warehouse.standing import StandingOfAll
from warehouse.status import Standing, WaitingFile

_READ = (
    *("alert_id", "alert_kind_code", "metric_id", "member", "cohort_quarter"),
    *("owner_seat_id", "opened_date", "acknowledged_date", "cleared_date", "state"),
)
"""The columns of ``agg_alerts`` that a dashboard reads."""


@dataclass(frozen=True)
class OpenAlert:
    """An alert of the register that is not cleared: whose it is and how far it came, not on which figure."""

    alert_id: str
    kind: str
    opened: date
    owner: str
    is_taken_up: bool


@dataclass(frozen=True)
class ExtractsIn:
    """An extract of one quarter, and of how many of the parent firms that owe it all is in, in words."""

    contract: str
    parents: str


@dataclass(frozen=True)
class Shared:
    """What everybody at the table may see on ``day``.

    ``release``: the newest public one, with its ``published`` tables; ``notice``: what the policy says of
    data that was public before; ``quarter``: whose files are counted in ``extracts``, due on ``due``.
    """

    day: date
    consortium: str
    region: str
    notice: str
    calendar: Sequence[CalendarEntry]
    missed: Sequence[MissedDay]
    release: Release | None
    published: Published
    alerts: Sequence[OpenAlert]
    quarter: str
    due: date
    extracts: Sequence[ExtractsIn]


@dataclass(frozen=True)
class Inside:
    """What the operator sees besides: every firm's files, rows by contract, what waits, alerts with figures.

    ``alerts``: as ``not_cleared`` gives them.
    """

    standing: StandingOfAll
    rows: Sequence[Standing]
    waiting: Sequence[WaitingFile]
    alerts: pd.DataFrame


def not_cleared(alerts: pd.DataFrame) -> pd.DataFrame:
    """The rows of the mart ``agg_alerts`` (or of nothing at all) that nobody has cleared.

    The day tells, not the state: an alert whose chart shows nothing any more stays UNFOUNDED once cleared.
    """
    known = alerts.reindex(columns=list(_READ))
    return known[known["cleared_date"].isna()]


def open_alerts(alerts: pd.DataFrame) -> tuple[OpenAlert, ...]:
    """The register's part of alerts that are not cleared, oldest first.

    One that only a chart found says of an unpublished figure that it crossed a limit: it is left out.
    """
    found = (
        OpenAlert(
            str(row["alert_id"]),
            str(row["alert_kind_code"]),
            pd.Timestamp(row["opened_date"]).date(),
            str(row["owner_seat_id"]),
            not pd.isna(row["acknowledged_date"]),
        )
        for row in alerts.to_dict("records")
        if not pd.isna(row["alert_id"])
    )
    return tuple(sorted(found, key=lambda one: (one.opened, one.alert_id)))


def owed(standing: StandingOfAll) -> list[Place]:
    """Every firm's extracts of the quarter, but those of which nothing is expected any more."""
    places = (place for firm in standing.firms for place in firm.places)
    return [place for place in places if place.state not in EXCUSED]


def extracts_in(standing: StandingOfAll, least: int) -> tuple[ExtractsIn, ...]:
    """For each extract of how many of the parent firms that owe it something usable has come from every firm,
    as ``bounded`` says. A group that owns several firms is one: the policy counts controlling entities.
    """
    came: dict[str, dict[str, bool]] = {}
    for place in owed(standing):
        of_parent, parent = came.setdefault(place.contract, {}), standing.parent_of(place.firm_id)
        of_parent[parent] = of_parent.get(parent, True) and place.state in USABLE
    return tuple(ExtractsIn(name, bounded(found.values(), least)) for name, found in came.items())


def bounded(has: Iterable[bool], least: int) -> str:
    """How many of the parent firms have something, in words that single out nobody: few are not counted out.

    ``least``: the fewest parent firms that the policy lets a count stand on, on either side and altogether.
    """
    every = list(has)
    count, total = sum(every), len(every)
    if total < least:
        return f"owed by fewer than {least}"
    if count in (0, total):
        return "none" if count == 0 else "all"
    if count < least:
        return f"fewer than {least}"
    return f"all but fewer than {least}" if total - count < least else f"{count} of {total}"
