"""Progression on ladders stated a second time: one holder at a time, in exact fractions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from tests.transforms.restatement import Restatement

RUNGS = {"HAS_PART", "REQUIRES", "ADVANCED_STANDING_FROM"}


def holders(restated: Restatement) -> dict[str, list[tuple[int, bool]]]:
    """By credential (and all): days until a next one or until today, and whether it came."""
    lake, today = restated.whole_lake, restated.whole_lake.as_of
    above = _rungs(lake.rows("credential_component"), today)
    found: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for learner in {period.learner for period in restated.people.periods if period.is_completed}:
        first: dict[str, date] = {}
        for row in restated.people.credentials.get(learner, []):
            if row["attained_date"] <= today:
                earliest = min(first.get(row["credential_id"], date.max), row["attained_date"])
                first[row["credential_id"]] = earliest
        for credential in set(first) & set(above):
            later = [day for name, day in first.items() if name in above[credential]]
            after = [day for day in later if day > first[credential]]
            days = (min(after, default=today) - first[credential]).days
            for group in ("all", credential):
                found[group].append((days, bool(after)))
    return found


def _rungs(components: Iterable[Mapping[str, Any]], today: date) -> dict[str, set[str]]:
    """What builds on each credential today; a step that leads round in a circle is no rung."""
    above: dict[str, set[str]] = defaultdict(set)
    for row in components:
        is_in_force = (row["valid_from"] or date.min) <= today <= (row["valid_to"] or date.max)
        if row["relation"] in RUNGS and is_in_force:
            above[row["component_credential_id"]].add(row["credential_id"])
    rungs = {low: {high for high in highs if not _leads_to(high, low, above)} for low, highs in above.items()}
    return {low: highs for low, highs in rungs.items() if highs}


def _leads_to(start: str, goal: str, above: Mapping[str, set[str]]) -> bool:
    seen, ahead = set(), [start]
    while ahead:
        here = ahead.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            ahead += above.get(here, ())
    return False


def stack_progression(restated: Restatement) -> pd.DataFrame:
    """One row per credential (and all) × quarters since, 1 to 8."""
    rows: list[dict[str, Any]] = []
    for credential, members in holders(restated).items():
        for quarters in range(1, 9):
            within = math.floor(quarters * 91.3125)
            rows.append(
                {
                    "credential": credential,
                    "quarters_since": quarters,
                    "holders": len(members),
                    "advanced": sum(came and days <= within for days, came in members),
                    "at_risk": sum(days > within for days, _ in members),
                    "advanced_share": float(1 - _waiting(members, within)),
                }
            )
    return pd.DataFrame(rows)


def _waiting(members: list[tuple[int, bool]], within: int) -> Fraction:
    """Kaplan and Meier: the share still without a next one."""
    waiting = Fraction(1)
    for day in sorted({days for days, came in members if came and days <= within}):
        at_risk = sum(days >= day for days, _ in members)
        waiting *= 1 - Fraction(sum(days == day and came for days, came in members), at_risk)
    return waiting
