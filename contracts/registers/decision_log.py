"""The decision log: what was moved, why, how it was voted on, and which rule it changed.

Published figures name the rule version in force, and this log says who put it there. What is to be done
after a decision is in ``action_item``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.codes import Severity
from contracts.fields import Identifier, OneOf, Privacy, Text, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import body, count, day, version
from contracts.registers.row_rules import given_where, unlike
from contracts.rules import RowRule, Rule

_OF_RULES = ("FUNDING_RULE", "FUNDING_TIER", "PERFORMANCE_TERM", "DISCLOSURE_POLICY", "METRIC_DEFINITION")


def _votes(description: str) -> WholeNumber:
    return count(description, 200, Privacy.PUBLIC)


class DecisionLog(Contract):
    """One decision of one body."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="decision_log",
        version="1.0.0",
        prefix="DEC",
        title="Decision log",
        description="Motions with rationale, outcome, votes, effective date and the rule version they set.",
        grain="decision_id",
        key=("decision_id",),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    decision_id: Annotated[str, Identifier(description="Decision.", privacy=Privacy.PUBLIC)]
    body_id: Annotated[str, body("Body that decided.")]
    decided_on: Annotated[date, day("Day of the decision.", privacy=Privacy.PUBLIC)]
    subject: Annotated[
        str,
        OneOf(
            {
                "FUNDING_RULE": "what firms contribute, what is paid out",
                "FUNDING_TIER": "gates of tiered funding",
                "PERFORMANCE_TERM": "terms of pay for performance",
                "DISCLOSURE_POLICY": "what may be published",
                "METRIC_DEFINITION": "how a figure is computed",
                "RELEASE_APPROVAL": "a release may go out",
                "PROGRAM": "a program begins, changes or ends",
                "PILOT": "a pilot, its criteria or its verdict",
                "TRANSFER": "money moves within or out of the fund",
                "MEMBERSHIP": "a member joins or leaves",
                "OTHER": "anything else",
            },
            description="What it is about.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    motion: Annotated[str, Text(description="The motion, in one sentence.", privacy=Privacy.PUBLIC, most=300)]
    rationale: Annotated[
        str,
        Text(description="Why it was decided so; names no person.", privacy=Privacy.PUBLIC, most=1000),
    ]
    outcome: Annotated[
        str,
        OneOf(
            {
                "ADOPTED": "adopted",
                "REJECTED": "rejected",
                "DEFERRED": "put off",
                "WITHDRAWN": "withdrawn by the mover",
            },
            description="What became of the motion.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    effective_date: Annotated[
        date | None, day("First day the decision is in force.", privacy=Privacy.PUBLIC)
    ] = None
    affected_rule: Annotated[
        str | None, Identifier(description="Rule, term or policy it changes.", privacy=Privacy.PUBLIC)
    ] = None
    affected_rule_version: Annotated[str | None, version("Version of that rule from then on.")] = None
    proposed_by_seat_id: Annotated[
        str | None, Identifier(description="Seat that moved it.", privacy=Privacy.PUBLIC)
    ] = None
    approved_by_seat_id: Annotated[
        str | None, Identifier(description="Seat that signed it.", privacy=Privacy.PUBLIC)
    ] = None
    votes_for: Annotated[int | None, _votes("Votes for the motion.")] = None
    votes_against: Annotated[int | None, _votes("Votes against the motion.")] = None
    abstentions: Annotated[int | None, _votes("Abstentions.")] = None
    replaces_decision_id: Annotated[
        str | None, Identifier(description="Earlier decision it replaces.", privacy=Privacy.PUBLIC)
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="DEC-201",
            needs=("effective_date", "decided_on"),
            ok=lambda row: row.effective_date >= row.decided_on,
            severity=Severity.WARNING,
            message="effective_date is before decided_on",
            hint="Check both days; a rule that reaches back needs to say so in its rationale.",
            rationale="Figures computed under the earlier rule would have to be revised.",
        ),
        given_where(
            "DEC-202",
            "outcome",
            ("ADOPTED",),
            ("effective_date",),
            why="What is adopted without a day is in force on no day.",
        ),
        RowRule(
            code="DEC-203",
            needs=("subject", "outcome"),
            reads=("affected_rule", "affected_rule_version"),
            ok=lambda row: (
                ~row.subject.isin(list(_OF_RULES))
                | (row.outcome != "ADOPTED")
                | (row.affected_rule.notnull() & row.affected_rule_version.notnull())
            ),
            message="a rule was adopted, but affected_rule or affected_rule_version is blank",
            hint="Name the rule and the version in force from the effective date.",
            rationale="Every published figure names its rule version, and readers look it up here.",
        ),
        unlike(
            "DEC-204",
            "approved_by_seat_id",
            "proposed_by_seat_id",
            why="Nobody approves what they have moved; a release needs two.",
        ),
        RowRule(
            code="DEC-205",
            needs=("votes_for", "votes_against", "outcome"),
            ok=lambda row: (row.outcome != "ADOPTED") | (row.votes_for >= row.votes_against),
            message="outcome is ADOPTED with more votes against than for",
            hint="Check the votes and the outcome; a tie may be broken by the chair.",
            rationale="A decision its own votes contradict cannot be relied on.",
        ),
        unlike("DEC-206", "replaces_decision_id", "decision_id", why="A decision cannot replace itself."),
    )
