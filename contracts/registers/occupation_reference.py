"""Public figures on occupations: employment, projected openings and median wages of an area.

From public sources only, each named: no figure of a member firm, and no advice on pay, belongs here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts.extracts.columns import occupation
from contracts.fields import Code, OneOf, Privacy, WholeNumber
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import amount, count, day
from contracts.registers.row_rules import not_above
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

_DIGITS = {"N": 2, "S": 2, "C": 5, "M": 7, "W": 8}
_MEASURES = (
    *("employment_count", "annual_openings_count"),
    *("median_hourly_wage_usd", "median_annual_wage_usd"),
)


def _year(description: str) -> WholeNumber:
    return WholeNumber(description=description, privacy=Privacy.PUBLIC, least=1990, most=2100)


def _geography_fits_level(row: ir.Table) -> ir.BooleanValue:
    fits = row.geo_level.isnull()
    for level, digits in _DIGITS.items():
        fits = fits | ((row.geo_level == level) & (row.geography.length() == digits))
    return fits


def _has_a_measure(row: ir.Table) -> ir.BooleanValue:
    given = row[_MEASURES[0]].notnull()
    for name in _MEASURES[1:]:
        given = given | row[name].notnull()
    return given


class OccupationReference(Contract):
    """What one public source says of one occupation in one area for one year."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="occupation_reference",
        version="1.0.0",
        prefix="OCR",
        title="Public occupation figures",
        description="Employment, projected openings and median wages by occupation and area, public sources.",
        grain="soc_code × geo_level × geography × public_source × reference_year",
        key=("soc_code", "geo_level", "geography", "public_source", "reference_year"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    soc_code: Annotated[str, occupation("Occupation.", "SOC 2018")]
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
    public_source: Annotated[
        str,
        OneOf(
            {
                "BLS_OEWS": "BLS, Occupational Employment and Wage Statistics",
                "BLS_PROJECTIONS": "BLS, national employment projections",
                "STATE_PROJECTIONS": "a state's long-term or short-term occupational projections",
            },
            description="Public source.",
            privacy=Privacy.PUBLIC,
            hint="Only figures that anyone can look up; nothing bought, nothing from members.",
        ),
    ]
    reference_year: Annotated[int, _year("Year the figures are about; the base year of a projection.")]
    target_year: Annotated[int | None, _year("Last year of the projection.")] = None
    employment_count: Annotated[int | None, count("Employment.", 300_000_000, Privacy.PUBLIC)] = None
    annual_openings_count: Annotated[
        int | None, count("Projected openings a year.", 300_000_000, Privacy.PUBLIC)
    ] = None
    median_hourly_wage_usd: Annotated[
        Decimal | None, amount("Median hourly wage, as published.", Privacy.PUBLIC)
    ] = None
    median_annual_wage_usd: Annotated[
        Decimal | None, amount("Median annual wage, as published.", Privacy.PUBLIC)
    ] = None
    retrieved_on: Annotated[date, day("Day it was taken from the source.", privacy=Privacy.PUBLIC)]

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="OCR-201",
            needs=("geography", "geo_level"),
            ok=_geography_fits_level,
            message="geography does not have as many digits as its geo_level asks for",
            hint="N and S have 2 digits, C has 5, M has 7, W has 8; keep the column as text.",
            rationale="A code that lost its leading zero names another area.",
        ),
        RowRule(
            code="OCR-202",
            reads=_MEASURES,
            ok=_has_a_measure,
            message="the row has no figure",
            hint="Leave the row out where the source publishes nothing.",
            rationale="Rows without figures make areas look covered that are not.",
        ),
        RowRule(
            code="OCR-203",
            needs=("annual_openings_count",),
            reads=("target_year",),
            ok=lambda row: row.target_year.notnull(),
            message="annual_openings_count is given, but target_year is blank",
            hint="Give the last year of the projection.",
            rationale="Yearly openings are a mean over the years of the projection.",
        ),
        not_above("OCR-204", "reference_year", "target_year", why="A projection looks ahead."),
        not_above(
            "OCR-205",
            "median_hourly_wage_usd",
            "median_annual_wage_usd",
            why="An hourly wage above the annual one means the columns are swapped.",
        ),
    )
