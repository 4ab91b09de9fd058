"""What the pooled fund paid out: for what, out of which source, until when it had to be spent.

Unit costs and balances are reckoned in the dbt project.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.fields import Identifier, IsoDate, Money, OneOf, Privacy, Ref
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.contribution import FUNDING_SOURCES


class Disbursement(Contract):
    """One payment, or one use of something given in kind."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="disbursement",
        version="1.0.0",
        prefix="DIS",
        title="Disbursements",
        description="Payments out of the training fund by program, category and source.",
        grain="disbursement_id",
        key=("disbursement_id",),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    disbursement_id: Annotated[str, Identifier(description="Disbursement.", privacy=Privacy.FIRM)]
    program_id: Annotated[
        str | None,
        Ref(
            "program",
            key="program_id",
            description="Program it was spent on; blank: the fund as a whole.",
            privacy=Privacy.PUBLIC,
        ),
    ] = None
    cohort_id: Annotated[
        str | None, Identifier(description="Cohort it was spent on.", privacy=Privacy.FIRM)
    ] = None
    payee_id: Annotated[str | None, Identifier(description="Who was paid.", privacy=Privacy.FIRM)] = None
    category: Annotated[
        str,
        OneOf(
            {
                "TUITION": "tuition",
                "INSTRUCTOR": "instructors",
                "FACILITY": "facilities",
                "EQUIPMENT": "equipment",
                "STIPEND": "stipends",
                "CHILDCARE": "child care",
                "TRANSPORT": "transport",
                "ASSESSMENT": "assessment",
                "ADMIN": "administration",
                "EVALUATION": "evaluation",
            },
            description="What it was spent on.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    amount_usd: Annotated[Decimal, Money(description="Amount.", privacy=Privacy.FIRM)]
    incurred_on: Annotated[date, IsoDate(description="Day the cost was incurred.", privacy=Privacy.PUBLIC)]
    funding_source: Annotated[
        str, OneOf(FUNDING_SOURCES, description="Where the money came from.", privacy=Privacy.PUBLIC)
    ]
    expires_on: Annotated[
        date | None,
        IsoDate(description="Last day the money could be spent; blank: no limit.", privacy=Privacy.PUBLIC),
    ] = None
