"""Incentives given to learners on reaching a milestone: money, time, recognition or access.

An incentive is given, never lent: there is no column for taking one back. Pay steps are no incentives.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts.extracts.columns import KeyEpoch, LearnerKey
from contracts.fields import OneOf, Privacy, Quantity, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import CASH_SOURCES, amount, catalogued, day, program
from contracts.registers.own_rows import enrolled_at_own_firm
from contracts.registers.row_rules import given_where
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir


def _has_its_measure(row: ir.Table) -> ir.BooleanValue:
    money = (row.incentive_type != "FINANCIAL") | (row.amount_usd > 0).fill_null(False)
    return money & ((row.incentive_type != "TIME") | (row.hours_granted > 0).fill_null(False))


class IncentiveAward(Contract):
    """One incentive one learner was given for one milestone."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="incentive_award",
        version="1.0.0",
        prefix="INC",
        title="Incentive awards",
        description="Incentives by learner, program and milestone, with what they were worth.",
        grain="learner_key × program_id × milestone × incentive_type × awarded_on",
        key=("learner_key", "program_id", "milestone", "incentive_type", "awarded_on"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    learner_key: LearnerKey
    key_epoch: KeyEpoch
    program_id: Annotated[str, program("Program the milestone belongs to.")]
    milestone: Annotated[
        str,
        OneOf(
            {
                "STARTED": "training begun",
                "MODULE_COMPLETED": "a module completed",
                "HOURS_REACHED": "a number of hours reached",
                "COMPETENCY_MASTERED": "a competency mastered",
                "TRAINING_COMPLETED": "training completed",
                "CREDENTIAL_ATTAINED": "a credential attained",
                "MENTORED": "others mentored",
                "RETAINED": "still employed after a set time",
            },
            description="What it was given for.",
        ),
    ]
    incentive_type: Annotated[
        str,
        OneOf(
            {
                "FINANCIAL": "money",
                "TIME": "paid time",
                "RECOGNITION": "recognition",
                "ACCESS": "access to further training, tools or roles",
            },
            description="What was given.",
        ),
    ]
    awarded_on: Annotated[date, day("Day it was given.", privacy=Privacy.PERSON)]
    amount_usd: Annotated[Decimal | None, amount("What it was worth to the learner.", Privacy.SENSITIVE)] = (
        None
    )
    hours_granted: Annotated[
        Decimal | None, Quantity(description="Paid hours given.", unit="hours", most="2000")
    ] = None
    award_tier: Annotated[
        int | None,
        WholeNumber(
            description="Tier of the incentive plan, 1 lowest.", privacy=Privacy.FIRM, least=1, most=9
        ),
    ] = None
    credential_id: Annotated[str | None, catalogued("Credential attained.")] = None
    paid_from: Annotated[
        str | None, OneOf(CASH_SOURCES, description="Who paid for it.", privacy=Privacy.FIRM)
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="INC-201",
            needs=("incentive_type",),
            reads=("amount_usd", "hours_granted"),
            ok=_has_its_measure,
            message="incentive_type is FINANCIAL without an amount, or TIME without hours",
            hint="Give amount_usd above zero for money, hours_granted above zero for time.",
            rationale="The mean award is watched for inflation, and a blank is not a zero.",
        ),
        given_where(
            "INC-202",
            "milestone",
            ("CREDENTIAL_ATTAINED",),
            ("credential_id",),
            why="An award for a credential is held against the credential.",
        ),
        enrolled_at_own_firm("INC-401", why="Completion with and without incentives compares participants."),
    )
