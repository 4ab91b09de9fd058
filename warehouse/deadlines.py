"""When the files of a quarter are due, and whether something came late.

The only place that turns a quarter into a deadline. Who is missing is found in ``attendance``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contracts.quarters import Quarter


def due_on(period: str, days_after_quarter: int) -> date:
    """The last day on which files of a period (``2026Q1``) are on time."""
    return Quarter.parse(period).last_day + timedelta(days=days_after_quarter)


def is_late(recorded_at: str, due: date) -> bool:
    """Whether an entry recorded at this time (ISO, UTC) came after the due day, by the day in UTC."""
    return datetime.fromisoformat(recorded_at).date() > due
