"""The steering committee's dashboard: is the house on time, what did it publish last, what is under way.

Every figure is a published cell of the newest release. No firm is named or counted out, no figure of an alert
is said: members of the committee come from firms that compete.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from reports import method, wording
from reports.alerts import alerts
from reports.dashboards import days
from reports.dashboards.seen import Shared
from reports.document import Block, Chapter, Document, Note, Points, Section, Table, Terms
from reports.meeting import MEETING, since_last_meeting
from reports.report import key_figures

WHOM = "The steering committee and the operator"
_ONLY_PUBLISHED = (
    "Figures are those of the newest release: between publications nothing newer is shown to anybody. "
    "What is counted here besides are days, files and entries of registers."
)


def committee_dashboard(seen: Shared) -> Document:
    """The page of one day."""
    said = days.headline(seen)
    sections = (days.section(seen), _files(seen), _alerts(seen), *_under_way(seen))
    return Document(
        title=f"Dashboard of the steering committee, {seen.day:%B %Y}",
        subtitle=f"{seen.consortium}, {seen.region}",
        facts=days.head(seen, WHOM),
        notice=seen.notice,
        headline=said,
        caveat=_ONLY_PUBLISHED,
        key_figures=tuple(key_figures(seen.published)),
        alerts=(),
        decisions=(),
        restated=(),
        shorthand=method.SHORTHAND,
        chapters=(Chapter("committee", "Dashboard", "Dashboard", said, (*sections, _marks())),),
        footer=(
            f"{seen.consortium}. Made on {wording.day(seen.day)}; not a publication: do not pass it on.",
        ),
    )


def _files(seen: Shared) -> Section:
    late = seen.day > seen.due
    when = f"Files of {seen.quarter} {'were' if late else 'are'} due on {wording.day(seen.due)}."
    rows = tuple((one.contract.replace("_", " "), one.parents) for one in seen.extracts)
    caption = f"Parent firms of which something usable is in from every firm, {seen.quarter}"
    asked = (
        "Firms with one owner count as one. Small numbers of firms are not counted out. "
        "The operator knows who is late and writes to them."
    )
    table = Table("files-in", caption, ("Extract", "Parent firms"), rows, False)
    return Section("files", f"Are the files of {seen.quarter} in?", (Note(f"{when} {asked}"), table))


def _alerts(seen: Shared) -> Section:
    """What the newest release raised, and what the register holds open."""
    raised = tuple(
        f"{one.what}. Since {one.since}, on {one.on_how_many}." for one in alerts(seen.published)
    ) or ("No published cohort lies below the limits set by earlier ones.",)
    return Section("alerts", "What is out of line?", (Points(raised), *_register(seen)))


def _register(seen: Shared) -> Iterator[Block]:
    if not seen.alerts:
        yield Note("The register of alerts holds none that is open.")
        return
    rows = tuple(
        (
            one.alert_id,
            one.kind.replace("_", " ").lower(),
            wording.day(one.opened),
            one.owner,
            "yes" if one.is_taken_up else "not yet",
        )
        for one in seen.alerts
    )
    header = ("Alert", "Kind", "Opened", "Owner", "Taken up")
    yield Table("alerts-open", "Alerts of the register that are open", header, rows, False)


def _under_way(seen: Shared) -> Iterator[Section]:
    """What each body had under way by the newest release."""
    for section in since_last_meeting(seen.published, ()):
        if section.section_id != "since-figures":
            yield replace(section, title=f"{MEETING}: {section.title}")


def _marks() -> Section:
    return Section("why", "What the marks mean", (Terms(method.SHORTHAND),))
