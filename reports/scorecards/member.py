"""What the pages are made from: one firm's own figures, what was published, and the facts of the release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reports import wording
from reports.facts import ReleaseFacts
from reports.published import Published, Row
from reports.scorecards.marks import is_early
from warehouse.attendance import FirmStanding
from warehouse.own_figures import TALLIED, OwnFigures, Window

CONSORTIUM = "outcomes_consortium"


@dataclass(frozen=True)
class Member:
    """One firm's figures. ``standings``: what it sent for the newest quarters that ended, oldest first."""

    own: OwnFigures
    standings: tuple[FirmStanding, ...] = ()

    @property
    def name(self) -> str:
        """The firm as its own page calls it."""
        own = self.own
        return own.firm_id if own.label == own.firm_id else f"{own.label} ({own.firm_id})"


@dataclass(frozen=True)
class Beside:
    """What a release says: its published tables and its facts."""

    published: Published
    facts: ReleaseFacts

    def consortium(self, metric_id: str) -> Row | None:
        """The figure of all members together, if the release has a row of it."""
        return next(iter(self.published.rows(CONSORTIUM, metric_id)), None)

    def named(self, table: str, metric_id: str, label: str) -> Row | None:
        """The row of a table that has this label."""
        return next((row for row in self.published.rows(table, metric_id) if row.label == label), None)

    def whole(self, table: str, metric_id: str) -> Row | None:
        """The row of all seats, all roles or all programs together."""
        rows = self.published.rows(table, metric_id)
        return next((row for row in rows if row.group == "all" or row.is_whole), None)


def windows_of(published: Published) -> Mapping[str, Window]:
    """The quarters that each tallied measure covers in a release: own rows are counted over the same ones.

    A measure that is not mature has no window, so nothing of it is counted.
    """
    rows = {metric: published.rows(CONSORTIUM, metric) for metric in TALLIED}
    return {
        metric: Window(found[0].start, found[0].end)
        for metric, found in rows.items()
        if found and not is_early(found[0]) and found[0].start
    }


def head(member: Member, facts: ReleaseFacts) -> tuple[tuple[str, str], ...]:
    """Label and text pairs for the head of a page."""
    return (
        ("For", member.name),
        ("Release", facts.release_id),
        ("Published", wording.day(facts.published_on)),
        ("Who sees it", "Your firm and the operator"),
    )


def footer(facts: ReleaseFacts) -> tuple[str, ...]:
    """What stands at the end of a page."""
    whom = facts.contact or f"the data house of the {facts.consortium_name}"
    return (
        f"{facts.consortium_name}. Own figures from entry {facts.ledger_seq} of the submission ledger; "
        f"published figures from release {facts.release_id}. Metric rules {facts.rule_version}.",
        f"Questions, or a figure you cannot reproduce from your own records: write to {whom}.",
    )
