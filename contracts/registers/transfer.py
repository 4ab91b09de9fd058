"""Movements of the fund's cash that are neither contribution nor disbursement: transfers, interest, lapses.

With these the ledger closes: opening, plus what came in, less what went out, is the closing balance.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.fields import Identifier, OneOf, Privacy
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import CASH_SOURCES, day, decision, member, opaque, program, sum_moved
from contracts.registers.row_rules import given_only_where, not_before, unlike
from contracts.rules import Rule


class Transfer(Contract):
    """One movement of cash."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="transfer",
        version="1.0.0",
        prefix="TRF",
        title="Transfers, interest and lapses",
        description="Cash moved into, within and out of the fund, interest earned, and money that lapsed.",
        grain="transfer_id",
        key=("transfer_id",),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    transfer_id: Annotated[str, Identifier(description="Movement.", privacy=Privacy.FIRM)]
    transfer_type: Annotated[
        str,
        OneOf(
            {
                "IN": "from another fund into this one",
                "OUT": "from this fund into another one",
                "BETWEEN_FIRMS": "one member's unspent money to another member",
                "BETWEEN_PROGRAMS": "from one program's budget to another's",
                "INTEREST": "interest earned",
                "LAPSE": "money that was not spent in time",
            },
            description="Kind of movement.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    funding_source: Annotated[
        str,
        OneOf(CASH_SOURCES, description="Source whose balance changes or is moved.", privacy=Privacy.PUBLIC),
    ]
    amount_usd: Annotated[Decimal, sum_moved("Amount, always above zero; the kind gives the sign.")]
    booked_on: Annotated[date, day("Day it is booked.", privacy=Privacy.PUBLIC)]
    from_firm_id: Annotated[str | None, member("Firm whose unspent money is given.")] = None
    to_firm_id: Annotated[str | None, member("Firm that may spend it.")] = None
    from_program_id: Annotated[str | None, program("Program whose budget shrinks.")] = None
    to_program_id: Annotated[str | None, program("Program whose budget grows.")] = None
    other_fund: Annotated[str | None, opaque("The other fund.", Privacy.PUBLIC)] = None
    expired_on: Annotated[
        date | None, day("Last day the lapsed money could have been spent.", privacy=Privacy.PUBLIC)
    ] = None
    decision_id: Annotated[str | None, decision("Decision it rests on.")] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        given_only_where(
            "TRF-201",
            "transfer_type",
            ("BETWEEN_FIRMS",),
            ("from_firm_id", "to_firm_id"),
            why="Each firm's statement shows what it gave and what it was given.",
        ),
        given_only_where(
            "TRF-202",
            "transfer_type",
            ("BETWEEN_PROGRAMS",),
            ("from_program_id", "to_program_id"),
            why="Each program's budget shows what was moved.",
        ),
        given_only_where(
            "TRF-203",
            "transfer_type",
            ("IN", "OUT"),
            ("other_fund",),
            why="Money that enters or leaves has another side, which is audited too.",
        ),
        given_only_where(
            "TRF-204",
            "transfer_type",
            ("LAPSE",),
            ("expired_on",),
            why="The age of the oldest money is reckoned from the days it lapses on.",
        ),
        unlike("TRF-205", "to_firm_id", "from_firm_id", why="A firm cannot give to itself."),
        unlike("TRF-206", "to_program_id", "from_program_id", why="A budget cannot be moved to itself."),
        not_before("TRF-207", "booked_on", "expired_on", why="Money lapses after its last day, not before."),
    )
