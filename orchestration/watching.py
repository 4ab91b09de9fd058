"""Whether announced days are kept: the ledger's word, and where it has none, Dagster's on the runs.

What is missed and who is told is decided in ``warehouse.missed`` and ``warehouse.owners``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import dagster as dg

from orchestration.job_names import JOURNEY
from warehouse.home import Home
from warehouse.ledger import Ledger
from warehouse.missed import FAILED, NO_RUN, MissedDay, missed_days


def days_missed(
    home: Home, ledger: Ledger, as_of: date, instance: dg.DagsterInstance
) -> tuple[MissedDay, ...]:
    """Announced days that passed without their release, each with its reason."""
    return tuple(_with_runs(one, instance) for one in missed_days(home, ledger, as_of))


def _with_runs(missed: MissedDay, instance: dg.DagsterInstance) -> MissedDay:
    """The day with FAILED for a reason where a run since then ended badly."""
    if missed.why != NO_RUN:
        return missed
    failed = dg.RunsFilter(
        job_name=JOURNEY,
        statuses=[dg.DagsterRunStatus.FAILURE],
        created_after=datetime.combine(missed.day, time.min, UTC),
    )
    return replace(missed, why=FAILED) if instance.get_runs(failed, limit=1) else missed
