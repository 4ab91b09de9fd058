"""Seats on the bodies of governance: which constituency holds each, in which role, from when to when.

A seat is held for a firm or a partner; the person in it is never named here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.extracts.columns import flag
from contracts.fields import Identifier, OneOf, Privacy
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import body, day, member
from contracts.registers.row_rules import given_where
from contracts.registers.validity import valid_in_order
from contracts.rules import RowRule, Rule


class MemberRole(Contract):
    """One seat, over a time in which one constituency held it in one role."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="member_role",
        version="1.0.0",
        prefix="ROL",
        title="Seats and roles",
        description="Who is represented in which seat of which body, in which role, from when to when.",
        grain="body_id × seat_id × held_from",
        key=("body_id", "seat_id", "held_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    body_id: Annotated[str, body("Body the seat belongs to.")]
    seat_id: Annotated[str, Identifier(description="Seat; it outlives its holders.", privacy=Privacy.PUBLIC)]
    constituency: Annotated[
        str,
        OneOf(
            {
                "EMPLOYER": "a member firm",
                "LABOR": "workers and their unions",
                "EDUCATION": "training providers",
                "WORKFORCE_BOARD": "a local workforce board",
                "FUNDER": "a public or philanthropic funder",
                "COMMUNITY": "community organizations",
                "LEARNER": "learners and alumni",
                "OPERATOR": "the operator of the data house",
                "INDEPENDENT": "nobody but themselves",
            },
            description="Whom the seat speaks for.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    firm_id: Annotated[str | None, member("Firm the seat is held for.")] = None
    role: Annotated[
        str,
        OneOf(
            {
                "CHAIR": "leads the body",
                "VICE_CHAIR": "leads it in the chair's absence",
                "MEMBER": "member",
                "ALTERNATE": "stands in for a member",
                "SECRETARY": "keeps the decision log",
                "OBSERVER": "attends without a vote",
            },
            description="Role in the body.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    is_voting: Annotated[int, flag("The seat has a vote.", privacy=Privacy.PUBLIC)]
    held_from: Annotated[date, day("First day in the role.", privacy=Privacy.PUBLIC)]
    held_to: Annotated[
        date | None, day("Last day in the role; blank while it lasts.", privacy=Privacy.PUBLIC)
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("ROL-201", "held_from", "held_to"),
        given_where(
            "ROL-202",
            "constituency",
            ("EMPLOYER",),
            ("firm_id",),
            why="Votes of firms with one owner are counted together, which needs the firm.",
        ),
        RowRule(
            code="ROL-203",
            needs=("is_voting", "role"),
            ok=lambda row: (row.role != "OBSERVER") | (row.is_voting == 0),
            message="role is OBSERVER, but is_voting is 1",
            hint="An observer has no vote: correct the role or the vote.",
            rationale="Votes are counted against the voting seats.",
        ),
    )
