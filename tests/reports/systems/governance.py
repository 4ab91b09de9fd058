"""A rule that was decided and one that was not; two bodies, one of which has something new to hear."""

from __future__ import annotations

from datetime import date

import pandas as pd


def marts() -> dict[str, pd.DataFrame]:
    """Rules in force, metrics' rules, bodies and what changed, in the columns that publication reads."""
    decided = {
        "subject_code": "FUNDING_RULE",
        "rule_name": "PAYROLL-LEVY",
        "version_in_force": "2.0",
        "state": "AGREED",
        "decision_id": "DEC-2",
        "body_id": "STEERING",
        "decided_date": date(2025, 11, 3),
        "effective_date": date(2026, 1, 1),
        "motion": "Set floor and cap for the year",
        "rationale": "Payrolls grew",
    }
    undecided = {"subject_code": "FUNDING_RULE", "rule_name": "DUES", "version_in_force": "1.0"}
    metric = {"metric_id": "completion_rate", "metric_name": "Completion rate", "rule_version": "1.0.0"}
    body = {
        "body_id": "STEERING",
        "body_name": "Steering committee",
        "body_type_code": "STEERING_COMMITTEE",
        "can_decide": True,
        "last_meeting_date": date(2026, 9, 14),
        **{"due_actions": 4, "done_actions": 3, "overdue_actions": 1},
    }
    change = {
        "body_id": "STEERING",
        "last_meeting_date": date(2026, 9, 14),
        **{"kind": "ACTION", "thing_id": "ACT-7", "change": "FELL_DUE"},
        "changed_date": date(2026, 10, 1),
    }
    return {
        "agg_rules_in_force": pd.DataFrame([decided, undecided | {"state": "UNDECIDED"}]),
        "agg_metric_rules": pd.DataFrame([metric | {"decided_version": "1.0.0", "decision_id": "DEC-1"}]),
        "agg_bodies": pd.DataFrame([body]),
        "agg_since_last_meeting": pd.DataFrame([change]),
    }
