"""Hiring intent: how many seats a firm expects to fill in the next four quarters. Counts only.

There are no wages here, asked for, planned or offered. Published pooled, at least a quarter later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts import expressions
from contracts.extracts.columns import occupation
from contracts.fields import BoxQuarter, Privacy
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import ReportingFirm, count, place, quarter
from contracts.registers.row_rules import not_above, not_before
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

QUARTERS_AHEAD = 4
"""How far ahead firms are asked to look."""

_YEAR = Gate("[0-9]{4}")
_DIGIT = Gate("[1-4]")


def _count_quarters(quarters: ir.StringValue) -> ir.IntegerValue:
    """Quarters since the year 0, so that they can be subtracted."""
    return 4 * _number(quarters.substr(0, 4), _YEAR) + _number(quarters.substr(5, 1), _DIGIT)


def _number(text: ir.StringValue, shape: Gate) -> ir.IntegerValue:
    return shape.matches(text).ifelse(text, expressions.null("string")).try_cast("int32")


class HiringIntent(Contract):
    """Seats one firm expects in one occupation, county and quarter, as it saw them in another quarter."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="hiring_intent",
        version="1.0.0",
        prefix="INT",
        title="Hiring intent",
        description="Expected seats by occupation, county and quarter. Counts only, no wages.",
        grain="firm_id × stated_quarter × soc_code × county_fips × expected_quarter",
        key=("firm_id", "stated_quarter", "soc_code", "county_fips", "expected_quarter"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    firm_id: ReportingFirm
    stated_quarter: Annotated[
        str, BoxQuarter(description="Quarter in which the firm says so.", privacy=Privacy.FIRM)
    ]
    soc_code: Annotated[str, occupation("Occupation of the seats.", "SOC 2018")]
    county_fips: Annotated[str, place("County of the work.")]
    expected_quarter: Annotated[str, quarter("Quarter in which the seats are to be filled.")]
    seats_expected: Annotated[int, count("Seats the firm expects to fill.", 10_000)]
    seats_requisitioned: Annotated[
        int | None, count("Those of them that a requisition covers already; blank: not known.", 10_000)
    ] = None
    headcount: Annotated[
        int | None,
        count(
            "Workers of the firm in this occupation and county when it says so, the same for every quarter "
            "expected; vacancy rates and skills gaps are weighted by it. Blank: not known.",
            100_000,
        ),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        not_before("INT-201", "expected_quarter", "stated_quarter", why="Past hiring is in the placements."),
        RowRule(
            code="INT-202",
            needs=("expected_quarter", "stated_quarter"),
            ok=lambda row: (
                _count_quarters(row.expected_quarter) - _count_quarters(row.stated_quarter) <= QUARTERS_AHEAD
            ),
            message=f"expected_quarter is more than {QUARTERS_AHEAD} quarters after stated_quarter",
            hint="Leave out what lies further ahead.",
            rationale="Intent is pooled over four quarters; further ahead it is a guess.",
        ),
        not_above(
            "INT-203",
            "seats_requisitioned",
            "seats_expected",
            why="Open seats and expected ones are added, so those in both are taken out.",
        ),
    )
