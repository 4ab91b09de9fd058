"""Decisions beside the numbers they decide, and what is done about what the numbers say.

Words only: who decided what, under which version figures are computed, what changed since a body met. Votes
of single seats and tasks in their own words stay with the bodies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from reports.systems.reference import SystemReference

SECTION = "Governance"


def _texts(mart: pd.DataFrame) -> pd.DataFrame:
    """Everything as text, blank where there is nothing."""
    return mart.astype("str").where(mart.notna().to_numpy(), "")


def _printing(*columns: str) -> Callable[[pd.DataFrame], Iterator[tuple[str, ...]]]:
    """Prints these columns of every row."""

    def lines(rows: pd.DataFrame) -> Iterator[tuple[str, ...]]:
        for row in rows[list(columns)].to_dict("records"):
            yield tuple(str(row[name]) for name in columns)

    return lines


def _nothing(_rows: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Published beside the report, too long for it."""
    yield from ()


REFERENCES = (
    SystemReference(
        name="rules_in_force",
        description="Rules that decide published numbers, the version in force and the decision behind it",
        mart="agg_rules_in_force",
        columns={
            "subject_code": "What the rule is about",
            "rule_name": "The rule, tier, policy or set of definitions",
            "version_in_force": "Version in force",
            "state": "Whether register and decision agree",
            "decision_id": "The decision, as in the decision log",
            "body_id": "Body that took it",
            "decided_date": "Day it was taken",
            "effective_date": "First day it is in force",
            "motion": "The motion",
            "rationale": "Why it was decided so",
        },
        header=("Rule", "Version", "Decision", "In force from", "Motion", "Why"),
        lines=_printing(
            "rule_name", "version_in_force", "decision_id", "effective_date", "motion", "rationale"
        ),
        rows=_texts,
        section=SECTION,
    ),
    SystemReference(
        name="metric_rules",
        description="The version of the rules behind every measure, and the decision that put it in force",
        mart="agg_metric_rules",
        columns={
            "metric_id": "The measure",
            "metric_name": "The measure in words",
            "rule_version": "Version its figures are computed under",
            "decided_version": "Version that was decided",
            "decision_id": "The decision, as in the decision log",
        },
        header=(),
        lines=_nothing,
        rows=_texts,
        section=SECTION,
    ),
    SystemReference(
        name="bodies",
        description="Bodies of the consortium, whether they can decide, and their closed loop of actions",
        mart="agg_bodies",
        columns={
            "body_id": "The body",
            "body_name": "Its name",
            "body_type_code": "Kind of body",
            "can_decide": "Whether as many voting seats are held as a quorum needs",
            "last_meeting_date": "Newest day on which it decided something",
            "due_actions": "Items that were due or closed",
            "done_actions": "Items done",
            "overdue_actions": "Items overdue",
        },
        header=("Body", "Last met", "Actions due", "Done", "Overdue"),
        lines=_printing("body_name", "last_meeting_date", "due_actions", "done_actions", "overdue_actions"),
        rows=_texts,
        section=SECTION,
    ),
    SystemReference(
        name="since_last_meeting",
        description="What changed since each body last met: actions, alerts, decisions",
        mart="agg_since_last_meeting",
        columns={
            "body_id": "The body",
            "last_meeting_date": "Newest day on which it decided something",
            "kind": "Action, alert or decision",
            "thing_id": "The action, alert or decision",
            "change": "What happened",
            "changed_date": "Day it happened",
        },
        header=("Body", "Kind", "Which", "Change", "Day"),
        lines=_printing("body_id", "kind", "thing_id", "change", "changed_date"),
        rows=_texts,
        section=SECTION,
    ),
)
