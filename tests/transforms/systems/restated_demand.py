"""Waiting for seats to be filled, stated a second time: one seat at a time, in exact fractions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from contracts.quarters import Quarter
from tests.transforms.restated_lake import LakeFrames, Record
from tests.transforms.restatement import wilson

INTERNAL = {"INTERNAL_MOVE", "PROMOTION"}


@dataclass(frozen=True)
class Seat:
    """One seat: who has it open, since when, how it ended (F, C or O) and after how many days."""

    parent: str
    soc: str
    tier: str
    is_critical: bool
    start: date
    end: date
    ended: str
    channel: str | None

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def groups(self) -> tuple[tuple[str, str], ...]:
        role = "critical" if self.is_critical else "other"
        return (("all", "all"), ("occupation", self.soc), ("role", role), ("tier", self.tier))


def seats(lake: LakeFrames) -> Iterator[Seat]:
    """Every seat that was approved (else opened) by the announced day."""
    for row in lake.rows("demand_requisition"):
        start = row["approved_on"] or row["opened_on"]
        if start <= lake.as_of:
            yield from [_seat(lake, row, start)] * int(row["seats"])


def _seat(lake: LakeFrames, row: Record, start: date) -> Seat:
    filled, lost = (
        day if day and day <= lake.as_of else None for day in (row["accepted_on"], row["cancelled_on"])
    )
    return Seat(
        parent=lake.parent(row["firm_id"]),
        soc=row["soc_code"],
        tier=lake.firms.get(row["firm_id"], {}).get("value_chain_tier") or "unreported",
        is_critical=row["critical_role"] == 1,
        start=start,
        end=filled or lost or lake.as_of,
        ended="F" if filled else "C" if lost else "O",
        channel=row["fill_channel"] if filled else None,
    )


def grouped(lake: LakeFrames) -> dict[tuple[str, str], list[Seat]]:
    """Seats by every group they belong to."""
    groups: dict[tuple[str, str], list[Seat]] = {}
    for seat in seats(lake):
        for group in seat.groups:
            groups.setdefault(group, []).append(seat)
    return groups


def median_days(group: list[Seat], *, cancelling_competes: bool) -> int | None:
    """First day on which half are filled: Aalen and Johansen's estimate, or Kaplan and Meier's."""
    waiting, filled = Fraction(1), Fraction(0)
    for day in sorted({seat.days for seat in group}):
        at_risk = sum(seat.days >= day for seat in group)
        fills = sum(seat.days == day and seat.ended == "F" for seat in group)
        losses = sum(seat.days == day and seat.ended == "C" for seat in group)
        filled += waiting * Fraction(fills, at_risk)
        waiting *= 1 - Fraction(fills + (losses if cancelling_competes else 0), at_risk)
        if filled >= Fraction(1, 2):
            return day
    return None


def time_to_fill(lake: LakeFrames) -> pd.DataFrame:
    """One row per group."""
    return pd.DataFrame([_waits(group, members) for group, members in grouped(lake).items()])


def _waits(group: tuple[str, str], members: list[Seat]) -> dict[str, Any]:
    return {
        "group_dim": group[0],
        "group_value": group[1],
        "first_quarter": min(str(Quarter.of(seat.start)) for seat in members),
        "last_quarter": max(str(Quarter.of(seat.start)) for seat in members),
        "seats": len(members),
        "filled_seats": sum(seat.ended == "F" for seat in members),
        "cancelled_seats": sum(seat.ended == "C" for seat in members),
        "open_seats": sum(seat.ended == "O" for seat in members),
        "median_days": median_days(members, cancelling_competes=True),
        "median_days_if_censored": median_days(members, cancelling_competes=False),
    }


def time_to_fill_contributors(lake: LakeFrames) -> pd.DataFrame:
    """One row per group × parent firm."""
    rows = []
    for group, members in grouped(lake).items():
        for parent in {seat.parent for seat in members}:
            own = [seat for seat in members if seat.parent == parent]
            rows.append((*group, parent, len(own), sum(seat.ended == "F" for seat in own)))
    names = ["group_dim", "group_value", "parent_group_id", "persons", "numerator_persons"]
    return pd.DataFrame(rows, columns=names)


def internal_fill(lake: LakeFrames) -> pd.DataFrame:
    """One row per kind of role with a filled seat."""
    rows = []
    for (dim, role), members in grouped(lake).items():
        filled = [seat for seat in members if seat.ended == "F"]
        if dim in ("all", "role") and filled:
            inside = sum(seat.channel in INTERNAL for seat in filled)
            rows.append((role, len(filled), inside, inside / len(filled), *wilson(inside, len(filled))))
    names = ["role", "filled_seats", "internal_seats", "internal_share", "internal_lower", "internal_upper"]
    return pd.DataFrame(rows, columns=names)
