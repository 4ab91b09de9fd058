"""What firms put into the pooled fund: assessed and paid, in cash and in kind, and what was matched.

Balances, remainders and receivables are reckoned in the dbt project.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts import expressions
from contracts.fields import Identifier, IsoDate, Money, OneOf, Privacy, QuarterField, Ref, Text
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

PUBLIC_SOURCES = {
    "PUBLIC_FEDERAL": "federal money",
    "PUBLIC_STATE": "state money",
    "PHILANTHROPY": "philanthropy",
}
FUNDING_SOURCES = {"EMPLOYER": "member firms, in cash", **PUBLIC_SOURCES, "IN_KIND": "member firms, in kind"}
"""Where money of the fund comes from."""


def _amount(description: str) -> Money:
    return Money(description=description, privacy=Privacy.FIRM)


def _match_has_source(row: ir.Table) -> ir.BooleanValue:
    matched = (row.match_amount_usd > 0).fill_null(expressions.literal(False))
    return matched == row.matched_by.notnull()


class Contribution(Contract):
    """One contribution of one firm for one quarter."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="contribution",
        version="1.0.0",
        prefix="CON",
        title="Contributions",
        description="What firms were assessed and paid into the training fund, and what others matched.",
        grain="contribution_id",
        key=("contribution_id",),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    contribution_id: Annotated[str, Identifier(description="Contribution.", privacy=Privacy.FIRM)]
    firm_id: Annotated[
        str, Ref("firm", key="firm_id", description="Firm that contributes.", privacy=Privacy.FIRM)
    ]
    period: Annotated[str, QuarterField(description="Quarter it is assessed for.", privacy=Privacy.PUBLIC)]
    basis_amount_usd: Annotated[
        Decimal | None, _amount("What the assessment is reckoned on, such as payroll.")
    ] = None
    assessed_usd: Annotated[Decimal | None, _amount("Amount assessed under the funding rule.")] = None
    paid_on: Annotated[
        date | None, IsoDate(description="Day it was paid; blank while owed.", privacy=Privacy.FIRM)
    ] = None
    amount_usd: Annotated[Decimal, _amount("Amount paid, or value of what was given in kind.")]
    kind: Annotated[
        str,
        OneOf(
            {"CASH": "money", "IN_KIND": "facilities, equipment, time or material"},
            description="Kind of contribution.",
            privacy=Privacy.FIRM,
        ),
    ]
    in_kind_category: Annotated[
        str | None,
        Identifier(
            description="What was given in kind, such as FACILITY, EQUIPMENT, INSTRUCTOR or CURRICULUM.",
            privacy=Privacy.FIRM,
        ),
    ] = None
    valuation_method: Annotated[
        str | None,
        Text(description="How its value was arrived at.", privacy=Privacy.FIRM, most=60),
    ] = None
    matched_by: Annotated[
        str | None, OneOf(PUBLIC_SOURCES, description="Who matched it.", privacy=Privacy.PUBLIC)
    ] = None
    match_amount_usd: Annotated[Decimal | None, _amount("Amount of the match.")] = None
    restricted_to_program_id: Annotated[
        str | None,
        Ref(
            "program",
            key="program_id",
            description="Program it may be spent on only; blank: any.",
            privacy=Privacy.FIRM,
        ),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="CON-201",
            needs=("kind",),
            reads=("in_kind_category", "valuation_method"),
            ok=lambda row: (
                (row.kind != "IN_KIND") | (row.in_kind_category.notnull() & row.valuation_method.notnull())
            ),
            message="a contribution in kind lacks in_kind_category or valuation_method",
            hint="Say what was given and how its value was arrived at, or correct the kind to CASH.",
            rationale="A value nobody can check must not stand beside cash in the fund's ledger.",
        ),
        RowRule(
            code="CON-202",
            reads=("match_amount_usd", "matched_by"),
            ok=_match_has_source,
            message="match_amount_usd and matched_by must be given together",
            hint="Give an amount above zero with its source, or neither.",
            rationale="The ledger balances each source by itself, so matched money needs one.",
        ),
    )
