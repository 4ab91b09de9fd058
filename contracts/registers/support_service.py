"""Supports against barriers: what a learner was found to need, and what was provided.

A need that went unmet is a row too: without it nobody can tell what a support changes.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.extracts.columns import KeyEpoch, LearnerKey, flag
from contracts.extracts.enrollment import Enrollment
from contracts.fields import OneOf, Privacy
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import amount, day, program
from contracts.registers.own_rows import enrolled_at_own_firm
from contracts.registers.row_rules import given_only_where, not_before
from contracts.rules import RowRule, Rule

FundingOfSupport = Annotated[str | None, Enrollment.column("funding_source").field]
"""Who pays, in the codes of the enrollment extract."""


class SupportService(Contract):
    """One support one learner needed in one program."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="support_service",
        version="1.0.0",
        prefix="SUP",
        title="Support services",
        description="Needs found and supports provided, by learner and program. A later file's row with the "
        "same key takes the earlier one's place.",
        grain="learner_key × program_id × support_type × need_found_on",
        key=("learner_key", "program_id", "support_type", "need_found_on"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    learner_key: LearnerKey
    key_epoch: KeyEpoch
    program_id: Annotated[str, program("Program it is to help with.")]
    support_type: Annotated[
        str,
        OneOf(
            {
                "TRANSPORT": "transport",
                "CHILDCARE": "child care",
                "STIPEND": "needs-related payment",
                "TOOLS": "tools, clothing, devices",
                "HOUSING": "housing",
                "FLEXIBLE_SCHEDULE": "hours that fit",
                "TUTORING": "tutoring",
                "LANGUAGE": "help with English",
                "COACHING": "coaching and case management",
                "FEES": "fees of tests and licenses",
                "OTHER": "another support",
            },
            description="Kind of support.",
            source="PIRL 1409, 1500",
            privacy=Privacy.SENSITIVE,
        ),
    ]
    need_found_on: Annotated[date, day("Day the need was found.", privacy=Privacy.PERSON)]
    support_status: Annotated[
        str,
        OneOf(
            {
                "PROVIDED": "provided",
                "WAITING": "not yet provided",
                "DECLINED": "the learner declined",
                "UNFUNDED": "not provided for lack of money",
            },
            description="What became of the need.",
            privacy=Privacy.SENSITIVE,
        ),
    ]
    provided_from: Annotated[date | None, day("First day it was provided.", "PIRL 1409", Privacy.PERSON)] = (
        None
    )
    provided_to: Annotated[
        date | None, day("Last day it was provided; blank while it lasts.", "PIRL 1409", Privacy.PERSON)
    ] = None
    amount_usd: Annotated[Decimal | None, amount("What it has cost so far.", Privacy.SENSITIVE)] = None
    funding_source: FundingOfSupport = None
    by_partner: Annotated[int | None, flag("A partner outside the consortium provides it.")] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        given_only_where(
            "SUP-201",
            "support_status",
            ("PROVIDED",),
            ("provided_from",),
            why="Who received a support is compared with who needed one and did not.",
        ),
        not_before("SUP-202", "provided_from", "need_found_on", why="A support answers a need found before."),
        not_before("SUP-203", "provided_to", "provided_from", why="The time of support runs forward."),
        RowRule(
            code="SUP-204",
            needs=("amount_usd", "support_status"),
            ok=lambda row: (row.amount_usd == 0) | (row.support_status == "PROVIDED"),
            message="amount_usd is above zero for a support that was not provided",
            hint="Check status and amount.",
            rationale="Money is counted as spent on learners who were supported.",
        ),
        enrolled_at_own_firm("SUP-401", why="Supports are counted for participants of the program."),
    )
