"""Which version of which release is made: the first one on its announced day, or a correction of one.

A correction never changes what stands: it is a version of its own (v1.1), with its reason, day and who made
it, stated for the day its period was announced for. What it changed is found in ``reports.revisions``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import JsonValue

from contracts.errors import ReleaseError
from warehouse import releases
from warehouse.home import CalendarEntry, Home
from warehouse.release_manifest import FIRST_VERSION, Release

LEAST_REASON, MOST_REASON = 10, 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f]|\A[=+\-@]")
"""What one line has not; a reason is also a cell of a CSV file, where a spreadsheet would run a formula."""


@dataclass(frozen=True)
class Correction:
    """Of which version, why (public words, one line), who made it, and on which day."""

    of: str
    reason: str
    by: str
    on: date

    def body(self) -> dict[str, JsonValue]:
        """What manifest and ledger say of it."""
        return {"of": self.of, "reason": self.reason, "by": self.by, "on": self.on.isoformat()}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Correction:
        """The correction that a manifest tells of."""
        return cls(said["of"], said["reason"], said["by"], date.fromisoformat(said["on"]))


@dataclass(frozen=True)
class Edition:
    """One version of a period's release; ``date`` is the announced day, for which its figures are stated."""

    period: str
    date: date
    version: str = FIRST_VERSION
    correction: Correction | None = None

    @property
    def name(self) -> str:
        """``2026-Q3/v1.0``."""
        return releases.name_of(self.period, self.version)

    @property
    def order(self) -> tuple[str, list[int]]:
        """Comparable with the order of releases."""
        return releases.order_of(self.period, self.version)


def first_edition(entry: CalendarEntry) -> Edition:
    """The release of a calendar entry."""
    return Edition(entry.period, entry.date)


def edition_of(release: Release) -> Edition:
    """The edition that a published release is."""
    said = release.correction
    corrects = None if said is None else Correction.read(said)
    return Edition(release.period, release.announced_for, release.version, corrects)


@dataclass(frozen=True)
class Wrong:
    """What somebody asks to be corrected: the period's newest version, why, and who asks."""

    period: str
    reason: str
    by: str

    def edition(self, home: Home, on: date) -> Edition:
        """The version that corrects the period's newest one, made on a day.

        ReleaseError REL-003 when the period is not published, REL-040 without a reason that says something or
        without a name, REL-041 when a later period is published.
        """
        _require_words(self)
        standing = releases.read_release(home, self.period)
        newest = releases.all_releases(home)[-1]
        if newest.period != self.period:
            raise ReleaseError(
                "REL-041",
                found=f"release {newest.period}, published after {self.period}",
                expected="the newest period, which alone is corrected",
                where=str(home.releases),
                remedy=f"Correct {newest.period}: it shows the earlier cohorts as well.",
            )
        major, minor = standing.version.split(".")
        return Edition(
            self.period,
            standing.announced_for,
            f"{major}.{int(minor) + 1}",
            Correction(standing.version, self.reason.strip(), self.by.strip(), on),
        )


def _require_words(wrong: Wrong) -> None:
    reason, by = wrong.reason.strip(), wrong.by.strip()
    says = LEAST_REASON <= len(reason) <= MOST_REASON and not _CONTROL.search(reason)
    if says and by and len(by) <= MOST_REASON and not _CONTROL.search(by):
        return
    raise ReleaseError(
        "REL-040",
        found="no reason, one that says nothing, or nobody's name",
        expected=f"one line of {LEAST_REASON} to {MOST_REASON} characters, and who corrects",
        where=f"the correction of {wrong.period}",
        remedy="Say what was wrong in words for the public; name no person and no firm in the reason.",
    )


def nothing_to_correct(edition: Edition, kept_back: Sequence[str] = ()) -> ReleaseError:
    """The refusal of a correction that would publish the same cells again; ``kept_back``: measures of which
    figures would differ, by too few.
    """
    kept = f"Kept back, for the change would be about too few: {', '.join(kept_back)}. " if kept_back else ""
    return ReleaseError(
        "REL-042",
        found=f"no published cell that would differ from {edition.period}/{_of(edition)}",
        expected="at least one cell that changes",
        where=f"release {edition.period}",
        remedy=f"{kept}What was wrong must lie in the boxes, or have been taken by `guildhall run`.",
    )


def _of(edition: Edition) -> str:
    return edition.correction.of if edition.correction else edition.version
