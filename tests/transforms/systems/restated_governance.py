"""Decisions in force, bodies and their actions, stated a second time from their definitions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from tests.transforms.restated_lake import LakeFrames, Record

ALWAYS, NEVER = date.min, date.max
METRIC_RULES = "1.0.0"


def standing(lake: LakeFrames) -> list[Record]:
    """Adopted, begun, and replaced by no other that is."""
    adopted = [
        row
        for row in lake.rows("decision_log")
        if row["decided_on"] <= lake.as_of
        and row["outcome"] == "ADOPTED"
        and row["effective_date"] <= lake.as_of
    ]
    gone = {row["replaces_decision_id"] for row in adopted}
    return [row for row in adopted if row["decision_id"] not in gone]


def rules_in_force(lake: LakeFrames) -> pd.DataFrame:
    """`agg_rules_in_force`: what was decided beside what the registers hold."""
    decided: dict[tuple[str, str], Record] = {}
    for row in sorted(standing(lake), key=lambda row: (row["effective_date"], row["decided_on"])):
        if row["affected_rule"]:
            decided[row["subject"], row["affected_rule"]] = row
    held = _registered(lake)
    rows = []
    for key in sorted({*decided, *held}):
        decision, version = decided.get(key), held.get(key)
        named = decision["affected_rule_version"] if decision else None
        state = (
            "UNDECIDED"
            if decision is None
            else "DECIDED"
            if key not in held
            else "AGREED"
            if named == version
            else "DIFFERENT"
        )
        rows.append(
            {
                "subject_code": key[0],
                "rule_name": key[1],
                "decision_id": decision["decision_id"] if decision else None,
                "version_in_force": version or named,
                "state": state,
            }
        )
    return pd.DataFrame(rows)


def _registered(lake: LakeFrames) -> dict[tuple[str, str], str]:
    held = {("METRIC_DEFINITION", "METRICS"): METRIC_RULES}
    sources = (
        ("FUNDING_RULE", "funding_rule", "rule_id", "effective_from", "effective_to"),
        ("FUNDING_TIER", "funding_tier", "tier_id", "valid_from", "valid_to"),
    )
    for subject, register, name, since, until in sources:
        for row in sorted(lake.rows(register), key=lambda row: (row[since] or ALWAYS, row["rule_version"])):
            if (row[since] or ALWAYS) <= lake.as_of <= (row[until] or NEVER):
                held[subject, row[name]] = row["rule_version"]
    return held


def actions(lake: LakeFrames) -> Iterator[Record]:
    """Items agreed by the day, with their state on it."""
    for row in lake.rows("action_item"):
        if row["opened_on"] <= lake.as_of:
            is_closed = row["closed_on"] is not None and row["closed_on"] <= lake.as_of
            state = "CLOSED" if is_closed else "OVERDUE" if row["due_on"] < lake.as_of else "OPEN"
            result = row["result"] if is_closed else None
            closed = row["closed_on"] if is_closed else None
            yield {
                **row,
                "body_id": row["body_id"] or "none",
                "state": state,
                "result": result,
                "closed_on": closed,
            }


def last_meeting(lake: LakeFrames, body: str) -> date | None:
    """The newest day on which the body decided something."""
    days = [row["decided_on"] for row in lake.rows("decision_log") if row["body_id"] == body]
    return max((day for day in days if day <= lake.as_of), default=None)


def bodies(lake: LakeFrames) -> pd.DataFrame:
    """`agg_bodies`: seats held, quorum, closed loop."""
    newest: dict[str, Record] = {}
    for row in sorted(lake.rows("governance_body"), key=lambda row: row["valid_from"] or ALWAYS):
        if (row["valid_from"] or ALWAYS) <= lake.as_of:
            newest[row["body_id"]] = row
    current = [row for row in newest.values() if (row["valid_to"] or NEVER) >= lake.as_of]
    return pd.DataFrame([_body(lake, row) for row in current])


def _body(lake: LakeFrames, body: Record) -> dict[str, Any]:
    held = [
        row
        for row in lake.rows("member_role")
        if row["body_id"] == body["body_id"] and row["held_from"] <= lake.as_of <= (row["held_to"] or NEVER)
    ]
    mine = [row for row in actions(lake) if row["body_id"] == body["body_id"]]
    done = sum(row["result"] == "DONE" for row in mine)
    due = sum(
        row["state"] == "OVERDUE" or row["result"] in ("DONE", "PARTLY_DONE", "DROPPED") for row in mine
    )
    voting = sum(row["is_voting"] == 1 for row in held)
    return {
        "body_id": body["body_id"],
        "seats": body["seats"],
        "held_seats": len(held),
        "voting_seats": voting,
        "has_chair": any(row["role"] == "CHAIR" for row in held),
        "can_decide": voting >= body["quorum_seats"],
        "last_meeting_date": last_meeting(lake, body["body_id"]),
        "overdue_actions": sum(row["state"] == "OVERDUE" for row in mine),
        "done_actions": done,
        "due_actions": due,
        "closed_loop_share": done / due if due else None,
    }


def since_last_meeting(lake: LakeFrames) -> set[tuple[str, str, str, str, date]]:
    """(body, kind, thing, change, day) of everything that changed since each body met."""
    return set(_action_changes(lake)) | set(_alert_changes(lake)) | set(_decision_changes(lake))


def _action_changes(lake: LakeFrames) -> Iterator[tuple[str, str, str, str, date]]:
    for row in actions(lake):
        since = last_meeting(lake, row["body_id"]) or ALWAYS
        key = (row["body_id"], "ACTION", row["action_id"])
        changes = [("OPENED", row["opened_on"]), (f"CLOSED_{row['result']}", row["closed_on"])]
        changes += [("FELL_DUE", row["due_on"])] if row["state"] == "OVERDUE" else []
        yield from ((*key, what, day) for what, day in changes if day is not None and day > since)


def _alert_changes(lake: LakeFrames) -> Iterator[tuple[str, str, str, str, date]]:
    alerts = {row["alert_id"]: row for row in lake.rows("alert") if row["opened_on"] <= lake.as_of}
    for row in actions(lake):
        alert = alerts.get(row["alert_id"])
        if alert is not None:
            since = last_meeting(lake, row["body_id"]) or ALWAYS
            for what, day in (("OPENED", alert["opened_on"]), ("CLEARED", alert["cleared_on"])):
                if day is not None and since < day <= lake.as_of:
                    yield row["body_id"], "ALERT", row["alert_id"], what, day


def _decision_changes(lake: LakeFrames) -> Iterator[tuple[str, str, str, str, date]]:
    for row in standing(lake):
        since = last_meeting(lake, row["body_id"])
        if since is not None and row["effective_date"] > since:
            yield row["body_id"], "DECISION", row["decision_id"], "CAME_INTO_FORCE", row["effective_date"]
