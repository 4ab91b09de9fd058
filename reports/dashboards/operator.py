"""The operator's dashboard: what there is to do before the next release, and with whom.

It names firms and alerts' figures, so it is for the operator alone. No figure of people or money is on it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from reports import wording
from reports.dashboards import days
from reports.dashboards.seen import Inside, Shared, owed
from reports.document import Block, Chapter, Document, KeyFigure, Note, Section, Table
from warehouse.attendance import USABLE, FirmStanding
from warehouse.owners import UNOWNED

WHOM = "The operator alone: it names firms"
_CAVEAT = (
    "What waits for a hand of yours before the next release. `guildhall status` shows the same at any time."
)
_WHY = "Firms compete with one another: none may learn from this page where another stands."


def operator_dashboard(seen: Shared, inside: Inside) -> Document:
    """The page of one day."""
    said = _headline(seen, inside)
    sections = (
        days.section(seen),
        Section("alerts", "Which alerts are open?", tuple(_alerts(inside))),
        Section("boxes", "What waits in the boxes?", tuple(_boxes(inside))),
        Section("firms", f"Who owes files of {seen.quarter}?", tuple(_firms(seen, inside))),
        Section("rows", "Do the rows add up?", (_rows(inside),)),
        Section("why", "Why nobody else may see it", (Note(_WHY),)),
    )
    return Document(
        title=f"Dashboard of the operator, {seen.day:%B %Y}",
        subtitle=f"{seen.consortium}, {seen.region}",
        facts=days.head(seen, WHOM),
        notice="",
        headline=said,
        caveat=_CAVEAT,
        key_figures=tuple(_key_figures(seen, inside)),
        alerts=(),
        decisions=(),
        restated=(),
        shorthand=(),
        chapters=(Chapter("operator", "Dashboard", "Dashboard", said, sections),),
        footer=(f"{seen.consortium}. Made on {wording.day(seen.day)}, for the operator alone.",),
    )


def _headline(seen: Shared, inside: Inside) -> str:
    counts = (
        ("announced day that was missed", "announced days that were missed", len(seen.missed)),
        (
            "firm with a file that is late or held",
            "firms with files that are late or held",
            len(_owing(inside)),
        ),
        ("file that waits in a box", "files that wait in the boxes", len(inside.waiting)),
        ("alert that nobody owns", "alerts that nobody owns", sum(inside.alerts["state"] == UNOWNED)),
        ("extract whose rows do not add up", "extracts whose rows do not add up", _wrong(inside)),
    )
    todo = tuple(f"{count} {one if count == 1 else many}" for one, many, count in counts if count)
    return f"To do: {wording.listed(todo)}." if todo else f"Nothing to do. {days.headline(seen)}"


def _wrong(inside: Inside) -> int:
    return sum(not one.adds_up for one in inside.rows)


def _key_figures(seen: Shared, inside: Inside) -> Iterator[KeyFigure]:
    places = owed(inside.standing)
    usable = sum(place.state in USABLE for place in places)
    due = f"{'Were' if seen.day > seen.due else 'Are'} due on {wording.day(seen.due)}"
    yield _figure(f"Extracts of {seen.quarter} in", f"{usable:,} of {len(places):,}", due)
    rows, accepted = sum(one.rows_in for one in inside.rows), sum(one.accepted for one in inside.rows)
    share = f"{accepted / rows:.2%}" if rows else "–"
    yield _figure("Rows accepted, all quarters", share, f"{accepted:,} of {rows:,}")
    yield _figure("Files refused, all quarters", f"{sum(one.refused for one in inside.rows):,}", "")
    yield _figure("Alerts open", f"{len(inside.alerts):,}", "As of the newest build")


def _figure(title: str, value: str, basis: str) -> KeyFigure:
    return KeyFigure(title=title, value=value, interval="", basis=basis, change="", target="")


def _owing(inside: Inside) -> list[FirmStanding]:
    """Firms of which something is late, or held, or waits."""
    firms = inside.standing.firms
    return [firm for firm in firms if any(place.is_late or place.waiting for place in firm.places)]


def _firms(seen: Shared, inside: Inside) -> Iterator[Block]:
    owing = _owing(inside)
    yield Note(f"{len(owing)} of {len(inside.standing.firms)} firms, due {wording.day(seen.due)}.")
    if owing:
        header = ("Firm", "Late", "Held or waiting", "Rows accepted", "Score")
        rows = tuple(_firm(firm) for firm in owing)
        yield Table("firms-owing", f"Firms with files of {seen.quarter} to see to", header, rows, False)


def _firm(firm: FirmStanding) -> tuple[str, ...]:
    share = "–" if firm.accepted_share is None else f"{firm.accepted_share:.1%}"
    return (
        firm.firm_id,
        ", ".join(f"{place.contract} ({place.state.lower()})" for place in firm.places if place.is_late)
        or "–",
        ", ".join(place.contract for place in firm.places if place.waiting) or "–",
        share,
        "–" if firm.score is None else str(firm.score),
    )


def _boxes(inside: Inside) -> Iterator[Block]:
    if not inside.waiting:
        yield Note("Nothing waited when the boxes were last looked into.")
        return
    rows = tuple(
        (one.firm_id, one.file_name, f"{one.since:%Y-%m-%d %H:%M} UTC", one.message) for one in inside.waiting
    )
    yield Table("files-waiting", "Files not taken yet", ("Firm", "File", "Since", "Why"), rows, False)


def _rows(inside: Inside) -> Table:
    header = (
        "Extract",
        "Files",
        "Held",
        "Refused",
        "Pending",
        "Rows in",
        "Accepted",
        "Quarantined",
        "Adds up",
    )
    rows = tuple(
        (
            one.contract.replace("_", " "),
            *(f"{n:,}" for n in (one.submissions, one.held, one.refused, one.pending)),
            *(f"{n:,}" for n in (one.rows_in, one.accepted, one.quarantined)),
            "yes" if one.adds_up else "NO",
        )
        for one in inside.rows
        if one.submissions or one.refused
    )
    return Table("rows-in", "Rows in = accepted + quarantined, all quarters", header, rows)


def _alerts(inside: Inside) -> Iterator[Block]:
    if inside.alerts.empty:
        yield Note("None is open.")
        return
    rows = tuple(
        (
            _said(row["alert_id"]),
            f"{row['alert_kind_code']} {row['metric_id']}, {row['member']}, {_said(row['cohort_quarter'])}",
            _said(row["owner_seat_id"]),
            "–" if pd.isna(row["opened_date"]) else wording.day(pd.Timestamp(row["opened_date"]).date()),
            "–" if pd.isna(row["acknowledged_date"]) else "yes",
        )
        for row in inside.alerts.to_dict("records")
    )
    header = ("Alert", "On what", "Owner", "Opened", "Taken up")
    yield Table("alerts-all", "Alerts that are not cleared", header, rows, False)


def _said(value: object) -> str:
    return "–" if pd.isna(value) else str(value)  # type: ignore[call-overload]
