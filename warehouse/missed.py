"""Announced days that passed and nothing was published: which, and why, as far as ledger and folders say.

A missed day is an alert, not a silence. Runs that ended without a word in the ledger are known to whoever
started them; telling owners belongs to ``owners``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse import releases
from warehouse.approving import waiting
from warehouse.home import Home
from warehouse.ledger import HELD_BACK, Body, Ledger

NOT_APPROVED, REFUSED, FAILED, NO_RUN = "NOT_APPROVED", "REFUSED", "FAILED", "NO_RUN"
WHY: Mapping[str, str] = {
    NOT_APPROVED: "it is staged and waits for approval (`guildhall approve`)",
    REFUSED: "the disclosure audit held it back (its run in `guildhall dagster` says with which codes)",
    FAILED: "the run that should have made it failed (`guildhall dagster` shows the step)",
    NO_RUN: "no run published it (`guildhall run`; one that failed shows in `guildhall dagster`)",
}


@dataclass(frozen=True)
class MissedDay:
    """A period whose announced day passed and that is not published, and a key of WHY."""

    period: str
    day: date
    why: str

    @property
    def words(self) -> str:
        """One line for the operator."""
        return f"{self.period} was announced for {self.day} and is not published: {WHY[self.why]}."


def missed_days(home: Home, ledger: Ledger, as_of: date) -> tuple[MissedDay, ...]:
    """Every announced day before ``as_of`` without its release, oldest first; on the day itself none is."""
    over = [entry for entry in home.config.releases if entry.date < as_of]
    public = {release.period for release in releases.all_releases(home)}
    staged = {one.release.period for one in waiting(home, ledger)}
    held = {str(entry.body["period"]) for entry in ledger.entries(HELD_BACK)}
    return tuple(
        MissedDay(entry.period, entry.date, _why(entry.period, staged, held))
        for entry in over
        if entry.period not in public
    )


def record_held_back(ledger: Ledger, body: Body) -> None:
    """Record that a check held a release back; the same words of it are recorded once."""
    if not any(entry.body == body for entry in ledger.entries(HELD_BACK)):
        ledger.append(HELD_BACK, body)


def codes_held_back(ledger: Ledger, period: str, version: str) -> tuple[str, ...]:
    """The codes by which a check last held this version back; none where none did."""
    codes: tuple[str, ...] = ()
    for entry in ledger.entries(HELD_BACK):
        body: Mapping[str, Any] = entry.body
        if (body["period"], body["version"]) == (period, version):
            codes = tuple(body["codes"])
    return codes


def _why(period: str, staged: set[str], held: set[str]) -> str:
    if period in staged:
        return NOT_APPROVED
    return REFUSED if period in held else NO_RUN
