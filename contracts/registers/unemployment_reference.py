"""Public unemployment rates of the consortium's areas: what the fund's outlay rule leans against.

From public sources only, each named. Nothing of a member firm belongs here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts.fields import Code, OneOf, Privacy, Quantity
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import day, quarter
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

_DIGITS = {"N": 2, "S": 2, "C": 5, "M": 7, "W": 8}


def _geography_fits_level(row: ir.Table) -> ir.BooleanValue:
    fits = row.geo_level.isnull()
    for level, digits in _DIGITS.items():
        fits = fits | ((row.geo_level == level) & (row.geography.length() == digits))
    return fits


class UnemploymentReference(Contract):
    """What one public source says of unemployment in one area in one quarter."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="unemployment_reference",
        version="1.0.0",
        prefix="UNR",
        title="Public unemployment rates",
        description="Unemployment rates by area and quarter, public sources; the outlay rule "
        "takes their mean.",
        grain="year_quarter × geo_level × geography × public_source",
        key=("year_quarter", "geo_level", "geography", "public_source"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    year_quarter: Annotated[str, quarter("Quarter the rate is about.")]
    geo_level: Annotated[
        str,
        OneOf(
            {
                "N": "nation",
                "S": "state",
                "C": "county",
                "M": "metropolitan area",
                "W": "workforce area, as LEHD lists it",
            },
            description="Kind of area.",
            source="LEHD geo_level",
            privacy=Privacy.PUBLIC,
        ),
    ]
    geography: Annotated[
        str,
        Code(
            None,
            description="Area: 00 for the nation, two digits a state, five a county, seven a metropolitan "
            "area with its state, eight a workforce area with its state.",
            source="LEHD geography",
            shape=Gate("[0-9]{2}|[0-9]{5}|[0-9]{7,8}"),
            like="06037",
        ),
    ]
    unemployment_rate: Annotated[
        Decimal,
        Quantity(
            description="Unemployed of the labor force, in percentage points, mean of the quarter's months.",
            digits=5,
            scale=2,
            most="100",
            privacy=Privacy.PUBLIC,
            hint="Write percentage points, not a share: four percent is 4.00.",
        ),
    ]
    public_source: Annotated[
        str,
        OneOf(
            {
                "BLS_LAUS": "BLS, Local Area Unemployment Statistics",
                "BLS_CPS": "BLS, Current Population Survey",
                "STATE": "a state's own publication",
            },
            description="Public source.",
            privacy=Privacy.PUBLIC,
            hint="Only figures that anyone can look up.",
        ),
    ]
    retrieved_on: Annotated[date, day("Day it was taken from the source.", privacy=Privacy.PUBLIC)]

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="UNR-201",
            needs=("geography", "geo_level"),
            ok=_geography_fits_level,
            message="geography has not the number of digits of its geo_level",
            hint="Two digits for N and S, five for C, seven for M, eight for W.",
            rationale="Rates of areas of different kinds must not be averaged by mistake.",
        ),
    )
