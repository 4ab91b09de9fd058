"""Announced days that were missed, as commands ask: Dagster's slow records only where they are needed."""

from __future__ import annotations

from datetime import date

from orchestration.journey import instance_of
from orchestration.watching import days_missed
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.missed import NO_RUN, MissedDay, missed_days


def missed_with_reasons(home: Home, ledger: Ledger, day: date) -> tuple[MissedDay, ...]:
    """Days that passed without their release, each with its reason, of the runs where the ledger has none."""
    found = missed_days(home, ledger, day)
    if not any(one.why == NO_RUN for one in found):
        return found
    with instance_of(home) as instance:
        return days_missed(home, ledger, day, instance)
