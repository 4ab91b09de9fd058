"""Governance of the sample region: bodies, seats, decisions, and what was agreed to be done.

Planted: every version of the funding rule has its decision; the rules of all measures have one; one action
answers the planted alert and is overdue, and three of four that were due are done.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pydantic import JsonValue

from warehouse.sample.enrollments import Files
from warehouse.sample.registers import fund_start
from warehouse.sample.systems.funding import RULE, versions
from warehouse.sample.systems.steering import ALERT, FINANCE_SEAT, QUALITY_SEAT
from warehouse.sample.systems.system import OPERATOR, Drawn, in_boxes
from warehouse.sample.text import BLANK, frame

STEERING, QUALITY = "STEERING", "QUALITY"
METRIC_DECISION, POLICY_DECISION = "DEC-METRICS", "DEC-POLICY"
_NOTICE_DAYS = 40
"""A rule is decided so many days before it begins."""

_SEATS = (
    ("CHAIR-1", STEERING, "INDEPENDENT", "CHAIR", "1"),
    ("EMPLOYER-1", STEERING, "EMPLOYER", "MEMBER", "1"),
    ("EMPLOYER-2", STEERING, "EMPLOYER", "MEMBER", "1"),
    ("LABOR-1", STEERING, "LABOR", "MEMBER", "1"),
    ("BOARD-1", STEERING, "WORKFORCE_BOARD", "MEMBER", "1"),
    ("COLLEGE-1", STEERING, "EDUCATION", "OBSERVER", "0"),
    (FINANCE_SEAT, STEERING, "OPERATOR", "SECRETARY", "0"),
    (QUALITY_SEAT, QUALITY, "EDUCATION", "CHAIR", "1"),
    ("QUALITY-2", QUALITY, "EMPLOYER", "MEMBER", "1"),
)


def draw(files: Files) -> Drawn:
    """One file of each register, at the region's end."""
    frames = {
        "governance_body": _bodies(files),
        "member_role": _roles(files),
        "decision_log": _decisions(files),
        "action_item": _actions(files),
    }
    last = str(files.region.settings.calendar[-1])
    return Drawn({name: in_boxes(rows, OPERATOR, last) for name, rows in frames.items()}, _truth(files))


def _began(files: Files) -> str:
    return str(files.calendar.first_days[fund_start(files)])


def _bodies(files: Files) -> pd.DataFrame:
    columns = {
        "body_id": [STEERING, QUALITY],
        "name": ["Steering committee", "Quality committee"],
        "body_type": ["STEERING_COMMITTEE", "QUALITY_COMMITTEE"],
        "parent_body_id": [BLANK, STEERING],
        "seats": ["5", "3"],
        "quorum_seats": ["3", "2"],
        "meets_every": "QUARTER",
        "decides_funding": ["1", "0"],
        "valid_from": _began(files),
    }
    return frame(columns, 2)


def _roles(files: Files) -> pd.DataFrame:
    ids = files.region.firms.ids
    employers = iter(ids[: sum(seat[2] == "EMPLOYER" for seat in _SEATS)])
    columns = {
        "body_id": [seat[1] for seat in _SEATS],
        "seat_id": [seat[0] for seat in _SEATS],
        "constituency": [seat[2] for seat in _SEATS],
        "firm_id": [str(next(employers)) if seat[2] == "EMPLOYER" else BLANK for seat in _SEATS],
        "role": [seat[3] for seat in _SEATS],
        "is_voting": [seat[4] for seat in _SEATS],
        "held_from": _began(files),
    }
    return frame(columns, len(_SEATS))


def _decisions(files: Files) -> pd.DataFrame:
    days = files.calendar.first_days
    of_rules = [
        {
            "decision_id": f"DEC-LEVY-{name}",
            "effective_date": str(days[quarter]),
            "decided_on": str(days[quarter] - np.timedelta64(_NOTICE_DAYS, "D")),
            "subject": "FUNDING_RULE",
            "motion": "Set floor and cap of the levy for the year",
            "rationale": "Floor and cap follow the payrolls of the quarter before.",
            "affected_rule": RULE,
            "affected_rule_version": name,
        }
        for name, quarter in versions(files)
    ]
    rows = pd.DataFrame([*of_rules, *_other_decisions(files)])
    rows = rows.assign(
        body_id=STEERING,
        outcome="ADOPTED",
        votes_for="4",
        votes_against="1",
        proposed_by_seat_id="EMPLOYER-1",
        approved_by_seat_id="CHAIR-1",
    )
    return rows.astype(object)


def _other_decisions(files: Files) -> list[dict[str, str]]:
    began = files.calendar.first_days[fund_start(files)]
    both = {"effective_date": str(began), "decided_on": str(began - np.timedelta64(_NOTICE_DAYS, "D"))}
    return [
        {
            **both,
            "decision_id": METRIC_DECISION,
            "subject": "METRIC_DEFINITION",
            "motion": "State outcomes by the federal definitions",
            "rationale": "Workforce boards can hold them beside their own.",
            "affected_rule": "METRICS",
            "affected_rule_version": "1.0.0",
        },
        {
            **both,
            "decision_id": POLICY_DECISION,
            "subject": "DISCLOSURE_POLICY",
            "motion": "Publish under the board's policy",
            "rationale": "Members compete; nothing may give one of them away.",
            "affected_rule": "BOARD-POLICY",
            "affected_rule_version": "1.0",
        },
    ]


def _actions(files: Files) -> pd.DataFrame:
    """Three that are done, and one for the alert that is overdue when the region publishes."""
    last = files.calendar.last_day
    agreed = [last - np.timedelta64(days, "D") for days in (400, 300, 200)] + [last + np.timedelta64(30, "D")]
    due = [day + np.timedelta64(90, "D") for day in agreed]
    columns = {
        "action_id": [f"ACT-{number}" for number in range(1, 5)],
        "task": ["Renew the provider's agreement", "Check late receipts", "Print the method", "Ask why"],
        "alert_id": [BLANK, BLANK, BLANK, ALERT],
        "metric_id": ["completion_rate", BLANK, BLANK, "completion_rate"],
        "decision_id": [BLANK, POLICY_DECISION, METRIC_DECISION, BLANK],
        "body_id": STEERING,
        "owner_seat_id": [QUALITY_SEAT, FINANCE_SEAT, FINANCE_SEAT, QUALITY_SEAT],
        "opened_on": [str(day) for day in agreed],
        "due_on": [str(day) for day in due],
        "closed_on": [*(str(day - np.timedelta64(5, "D")) for day in due[:3]), BLANK],
        "result": ["DONE", "DONE", "DONE", BLANK],
    }
    return frame(columns, 4)


def _truth(files: Files) -> dict[str, JsonValue]:
    names = [name for name, _ in versions(files)]
    return {
        "rule_in_force": {"rule": RULE, "version": names[-1], "decision_id": f"DEC-LEVY-{names[-1]}"},
        "metric_decision": METRIC_DECISION,
        "closed_loop": {"done": 3, "due": 4, "overdue": 1},
    }
