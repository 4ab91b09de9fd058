"""Matches of learners with wage records of the state, supplied by a workforce board under agreement.

Every column is unemployment-compensation information (20 CFR part 603): strictest floors, no firm may see it,
and each row says by when it is destroyed. What firms themselves paid is in ``wage``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts.extracts.columns import BOARD, KeyEpoch, LearnerKey
from contracts.fields import Code, HexKey, Identifier, Money, OneOf, Privacy
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import day, quarter
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

_YES = ("1", "2", "3")
_PAID = ("1", "2", "3", "4")


def _match_agrees(row: ir.Table) -> ir.BooleanValue:
    """Yes goes with a kind of match, no with none, not yet with not yet."""
    yes = row.employed.isin(list(_YES)) & row.match_type.isin(list(_PAID))
    no = (row.employed == "0") & (row.match_type == "0")
    return yes | no | ((row.employed == "9") & (row.match_type == "5"))


def _wages_agree(row: ir.Table) -> ir.BooleanValue:
    unpaid = (row.employed == "0") & (row.wages_usd.isnull() | (row.wages_usd == 0).fill_null(False))
    return row.employed.isin(list(_YES)) | unpaid | ((row.employed == "9") & row.wages_usd.isnull())


class UiMatch(Contract):
    """One learner in one quarter at one employer, as the state's wage records have it."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="ui_match",
        version="1.0.0",
        prefix="UIM",
        title="UI wage matches",
        description="Employment and wages from the state's records. Origin UC: build zone only, destroyed "
        "when due. Supplied by a workforce board, dropped for it by the operator.",
        grain="learner_key × year_quarter × employer_id_hash",
        key=("learner_key", "year_quarter", "employer_id_hash"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    learner_key: LearnerKey
    key_epoch: KeyEpoch
    year_quarter: Annotated[str, quarter("Quarter of the wages.")]
    employed: Annotated[
        str,
        OneOf(
            {
                "1": "yes, first kind",
                "2": "yes, second kind",
                "3": "yes, third kind",
                "0": "no",
                "9": "not yet available",
            },
            description="Employed in the quarter, as states code it; 9 is not a no.",
            source="PIRL 1602, 1606",
            privacy=Privacy.SENSITIVE,
        ),
    ]
    match_type: Annotated[
        str,
        OneOf(
            {
                "1": "UI wage record",
                "2": "federal records (OPM, USPS)",
                "3": "military records (DOD)",
                "4": "verified otherwise",
                "5": "not yet available",
                "0": "not employed",
            },
            description="What the employment was found in.",
            source="PIRL 1603, 1607",
            privacy=Privacy.SENSITIVE,
        ),
    ]
    wages_usd: Annotated[
        Decimal | None,
        Money(
            description="Wages of the quarter from this employer; blank: none known.",
            source="PIRL 1703-1706",
            privacy=Privacy.SENSITIVE,
        ),
    ] = None
    employer_id_hash: Annotated[
        str | None,
        HexKey(
            description="Keyed hash of the employer's account, the same in every quarter; blank: none.",
            privacy=Privacy.SENSITIVE,
        ),
    ] = None
    employer_state: Annotated[
        str | None,
        Code(
            None,
            description="State that keeps the record, two digits.",
            source="FIPS 5-2",
            shape=Gate("[0-9]{2}"),
            like="06",
            privacy=Privacy.SENSITIVE,
        ),
    ] = None
    lwdb_code: Annotated[
        str,
        Code(
            None,
            description="Workforce board that supplied the match.",
            source="PIRL 108-A",
            shape=BOARD,
            like="06045",
        ),
    ]
    data_agreement_id: Annotated[
        str, Identifier(description="Agreement it was supplied under.", privacy=Privacy.FIRM)
    ]
    origin: Annotated[
        str,
        OneOf(
            {"UC": "unemployment-compensation information"},
            description="Origin of every column of the row; what is computed from it keeps the origin.",
            source="20 CFR 603.4",
            privacy=Privacy.PUBLIC,
        ),
    ]
    received_on: Annotated[date, day("Day the board supplied it.", privacy=Privacy.PUBLIC)]
    destroy_after: Annotated[date, day("Last day it may be kept.", "20 CFR 603.9", privacy=Privacy.PUBLIC)]

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="UIM-201",
            needs=("destroy_after", "received_on"),
            ok=lambda row: row.destroy_after > row.received_on,
            message="destroy_after is not after received_on",
            hint="Take the day from the agreement; what is due already must not be sent.",
            rationale="Rows are removed on this day, so it must lie ahead.",
        ),
        RowRule(
            code="UIM-202",
            needs=("match_type", "employed"),
            ok=_match_agrees,
            message="match_type does not agree with employed",
            hint="Yes goes with 1 to 4, no (0) with 0, not yet available (9) with 5.",
            rationale="Not yet available keeps a cohort open; a no would close it with a wrong rate.",
        ),
        RowRule(
            code="UIM-203",
            needs=("employed",),
            reads=("wages_usd",),
            ok=_wages_agree,
            message="wages_usd does not agree with employed",
            hint="Leave wages blank while not yet available; a no has none or 0.",
            rationale="An observed zero is a fact; a blank is none, and neither stands for the other.",
        ),
        RowRule(
            code="UIM-204",
            needs=("match_type",),
            reads=("wages_usd", "employer_id_hash"),
            ok=lambda row: (
                (row.match_type != "1") | (row.wages_usd.notnull() & row.employer_id_hash.notnull())
            ),
            message="a UI wage record lacks wages_usd or employer_id_hash",
            hint="Give both; a match without them is of another type.",
            rationale="Retention with the same employer is judged by the employer's account.",
        ),
    )
