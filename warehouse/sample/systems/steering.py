"""Tiers, terms, pilots and alerts of the sample region, with what each must come to.

Planted: a tier that no program has enough data for; a pilot that is met, one that stays inconclusive and one
whose day has not come; and an alert, because half of those who would have completed in the last quarter did
not (``terms``). Fees and thresholds are invented.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.enrollments import Files
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes
from warehouse.sample.text import BLANK, frame

QUALITY_SEAT, FINANCE_SEAT = "QUALITY-1", "FINANCE-1"
ALERT = "ALERT-1"

_TIERS = (
    ("GROW", "1", "completion_rate", "0.5", "POINT", "10", "4", "0.25"),
    ("SCALE", "2", "credential_attainment", "0.6", "LOWER_LIMIT", "10", "4", "0.6"),
    ("PROVEN", "3", "completion_rate", "0.5", "LOWER_LIMIT", "500", "4", "1"),
)
"""Tier, level, metric, threshold, what is tested, least number, cohorts, share opened."""

TOO_LARGE = "PROVEN"
_TERMS_OF = ("CNC", "CNA", "CDL", "ELE")
_FEE, _MARK, _HOLDBACK, _SECOND_MARK = "150.00", "0.7", "0.2", "0.6"
_WAVES_BEFORE_LAST = {"MET": 8, "INCONCLUSIVE": 7, "NOT_DUE": 1}
_PILOTS = {"MET": ("ITS", "0.4"), "INCONCLUSIVE": ("MNT", "0.75"), "NOT_DUE": ("ITS", "0.4")}
"""Program and margin of each planted pilot: a completion rate near 0.8 among some eighteen people."""


def draw(files: Files) -> Drawn:
    """One file of each register, at the region's end; the truth names the verdicts."""
    last = str(files.region.settings.calendar[-1])
    frames = {"funding_tier": _tiers(), "performance_term": _terms(files), "cohort": _pilots(files)}
    placed = {name: in_boxes(rows, OPERATOR, last) for name, rows in frames.items()}
    return Drawn({**placed, "alert": in_boxes(_alerts(files), OPERATOR, last)}, _truth(files))


def _tiers() -> pd.DataFrame:
    names = ("tier_id", "tier_level", "gate_metric_id", "threshold", "tested_on", "least_n")
    columns = {name: [tier[place] for tier in _TIERS] for place, name in enumerate(names)}
    columns["cohorts_needed"] = [tier[6] for tier in _TIERS]
    columns["opens_share"] = [tier[7] for tier in _TIERS]
    fixed = {"rule_version": "1.0", "direction": "AT_LEAST", "valid_from": "2024-01-01", "valid_to": BLANK}
    return frame({**columns, **fixed}, len(_TIERS))


def _terms(files: Files) -> pd.DataFrame:
    calendar = files.region.settings.calendar
    offered = {program.program_id for program in files.region.settings.offered}
    programs = [name for name in _TERMS_OF if name in offered]
    first = files.region.settings.quarters_before_entry + 2
    columns = {
        "term_id": [f"RESULT-{program}" for program in programs],
        "program_id": programs,
        "payee_type": "PROVIDER",
        "payee_id": [f"COLLEGE-{place % 3 + 1}" for place in range(len(programs))],
        "trigger_metric_id": "completion_rate",
        "direction": "AT_LEAST",
        "threshold": _MARK,
        "tested_on": "POINT",
        "least_n": "5",
        "cohort_start": str(calendar[first]),
        "cohort_end": str(calendar[-1] + 2),
        "fee_usd": _FEE,
        "fee_unit": "PERSON",
        "holdback_share": _HOLDBACK,
        "second_metric_id": "credential_attainment",
        "second_threshold": _SECOND_MARK,
        "effective_from": str(files.calendar.first_days[first]),
    }
    return frame(columns, len(programs))


def _pilots(files: Files) -> pd.DataFrame:
    settings, days = files.region.settings, files.calendar.first_days
    entries = {verdict: settings.quarters - 1 - before for verdict, before in _WAVES_BEFORE_LAST.items()}
    programs = {verdict: program for verdict, (program, _) in _PILOTS.items()}
    columns = {
        "cohort_id": [f"{programs[v]}-{settings.calendar[entry]}" for v, entry in entries.items()],
        "program_id": list(programs.values()),
        "cohort_kind": "PILOT",
        "starts_on": [str(days[entry]) for entry in entries.values()],
        "planned_n": "10",
        "study_design": "SINGLE_ARM",
        "criterion_metric_id": "completion_rate",
        "criterion_direction": "AT_LEAST",
        "margin": [margin for _, margin in _PILOTS.values()],
        "registered_on": [str(days[entry] - np.timedelta64(30, "D")) for entry in entries.values()],
        # A year after the first day; the last one's falls beyond the region's first release.
        "verdict_on": [str(days[entry] + np.timedelta64(540, "D")) for entry in entries.values()],
    }
    offered = {program.program_id for program in settings.offered}
    rows = frame(columns, len(entries))
    return rows[rows["program_id"].isin(offered)].reset_index(drop=True)


def _alerts(files: Files) -> pd.DataFrame:
    last = str(files.region.settings.calendar[-1])
    after = files.calendar.last_day + np.timedelta64(25, "D")
    columns = {
        "alert_id": [ALERT, "ALERT-2"],
        "alert_kind": ["P_CHART", "LATE_EXTRACT"],
        "metric_id": ["completion_rate", BLANK],
        "cohort_start": [last, BLANK],
        "cohort_end": [last, BLANK],
        "maturity": ["MATURE", BLANK],
        "rule_version": ["1.0.0", BLANK],
        "opened_on": str(after),
        "owner_seat_id": [QUALITY_SEAT, FINANCE_SEAT],
        "acknowledged_on": str(after + np.timedelta64(2, "D")),
        "cleared_on": [BLANK, str(after + np.timedelta64(9, "D"))],
        "clear_reason": [BLANK, "EXPLAINED"],
    }
    return frame(columns, 2)


def _truth(files: Files) -> dict[str, JsonValue]:
    settings = files.region.settings
    return {
        "pilots": {
            f"{_PILOTS[v][0]}-{settings.calendar[settings.quarters - 1 - before]}": v
            for v, before in _WAVES_BEFORE_LAST.items()
        },
        "tier_without_enough_data": TOO_LARGE,
        "alert": {
            "metric_id": "completion_rate",
            "cohort_quarter": str(settings.calendar[-1]),
            "side": "LOW",
            "alert_id": ALERT,
            "owner_seat_id": QUALITY_SEAT,
        },
    }
