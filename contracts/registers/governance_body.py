"""The bodies that govern the consortium: what each may decide, how many seats it has, when it can vote.

Who sits on a body is in ``member_role``; what was decided is in ``decision_log``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.extracts.columns import flag
from contracts.fields import Flag, Identifier, OneOf, Privacy, Text, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import digest
from contracts.registers.row_rules import not_above, unlike
from contracts.registers.validity import first_day, last_day, valid_in_order
from contracts.rules import Rule


def _right(description: str) -> Flag:
    return flag(description, privacy=Privacy.PUBLIC)


def _seats(description: str) -> WholeNumber:
    return WholeNumber(description=description, privacy=Privacy.PUBLIC, least=1, most=200)


class GovernanceBody(Contract):
    """One body, over a time in which nothing about it changed."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="governance_body",
        version="1.0.0",
        prefix="GOV",
        title="Governance bodies",
        description="Committees and boards with their decision rights, seats and quorum, effective-dated.",
        grain="body_id × valid_from",
        key=("body_id", "valid_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    body_id: Annotated[str, Identifier(description="Body.", privacy=Privacy.PUBLIC)]
    name: Annotated[str, Text(description="Name of the body.", privacy=Privacy.PUBLIC, most=120)]
    body_type: Annotated[
        str,
        OneOf(
            {
                "STEERING_COMMITTEE": "decides on fund, programs and rules",
                "ADVISORY_BOARD": "advises across functions and partners",
                "FINANCE_COMMITTEE": "prepares decisions on money",
                "DATA_COMMITTEE": "decides on sharing and disclosure",
                "QUALITY_COMMITTEE": "prepares decisions on standards and audits",
                "APPEALS_PANEL": "hears members and learners who disagree",
            },
            description="Kind of body.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    parent_body_id: Annotated[
        str | None, Identifier(description="Body it answers to.", privacy=Privacy.PUBLIC)
    ] = None
    seats: Annotated[int, _seats("Voting seats.")]
    quorum_seats: Annotated[int, _seats("Voting seats that must be present to decide.")]
    meets_every: Annotated[
        str | None,
        OneOf(
            {
                "MONTH": "every month",
                "QUARTER": "every quarter",
                "HALF_YEAR": "twice a year",
                "YEAR": "once a year",
                "ON_CALL": "when called",
            },
            description="How often it meets.",
            privacy=Privacy.PUBLIC,
        ),
    ] = None
    decides_funding: Annotated[int | None, _right("It decides funding rules, tiers and transfers.")] = None
    decides_programs: Annotated[int | None, _right("It decides programs, pilots and expansions.")] = None
    decides_disclosure: Annotated[int | None, _right("It decides what may be published.")] = None
    decides_membership: Annotated[int | None, _right("It admits and dismisses members.")] = None
    charter_hash: Annotated[str | None, digest("SHA-256 of the charter, which is published elsewhere.")] = (
        None
    )
    valid_from: Annotated[date | None, first_day()] = None
    valid_to: Annotated[date | None, last_day()] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("GOV-201", "valid_from", "valid_to"),
        not_above(
            "GOV-202",
            "quorum_seats",
            "seats",
            why="A quorum larger than the body could never be met, and no decision would stand.",
        ),
        unlike("GOV-203", "parent_body_id", "body_id", why="A body cannot answer to itself."),
    )
