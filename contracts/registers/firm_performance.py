"""How a firm's sites perform: output, quality and safety, as totals of a site and quarter.

Never of a person or a crew, and no pay. What training changed in it is computed in dbt.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts import expressions
from contracts.fields import BoxQuarter, Identifier, OneOf, Privacy, Quantity
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import ReportingFirm
from contracts.registers.own_rows import known_at_own_firm
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

MEASURES = {
    "OUTPUT_UNITS": "output: good units made or services rendered",
    "OUTPUT_VALUE": "output: value of shipments or services, in US dollars",
    "LABOR_HOURS": "output and safety: hours worked by everybody at the site",
    "FIRST_PASS_YIELD": "quality: share right at the first attempt",
    "SCRAP_SHARE": "quality: share thrown away",
    "REWORK_SHARE": "quality: share done again",
    "DEFECTS_PER_MILLION": "quality: defects per million opportunities",
    "ON_TIME_SHARE": "quality: share delivered on time",
    "RECORDABLE_CASES": "safety: recordable injuries and illnesses (OSHA Form 300A, columns G to J)",
    "DART_CASES": "safety: cases with days away, restricted or transferred (OSHA Form 300A, H and I)",
    "NEAR_MISSES": "safety: near misses reported",
}
_UNITS = {
    "COUNT": ("OUTPUT_UNITS", "RECORDABLE_CASES", "DART_CASES", "NEAR_MISSES"),
    "USD": ("OUTPUT_VALUE",),
    "HOURS": ("LABOR_HOURS",),
    "SHARE": ("FIRST_PASS_YIELD", "SCRAP_SHARE", "REWORK_SHARE", "ON_TIME_SHARE"),
    "PER_MILLION": ("DEFECTS_PER_MILLION",),
}


def _unit_fits(row: ir.Table) -> ir.BooleanValue:
    fits = expressions.literal(False)
    for unit, measures in _UNITS.items():
        fits = fits | ((row.unit == unit) & row.measure.isin(list(measures)))
    return fits


class FirmPerformance(Contract):
    """One measure of one site in one quarter."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="firm_performance",
        version="1.0.0",
        prefix="PFM",
        title="Firm performance",
        description="Output, quality and safety by site and quarter, as totals; nothing about a person.",
        grain="firm_id × establishment_id × year_quarter × measure",
        key=("firm_id", "establishment_id", "year_quarter", "measure"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    firm_id: ReportingFirm
    establishment_id: Annotated[str, Identifier(description="Site of the firm.", privacy=Privacy.FIRM)]
    year_quarter: Annotated[
        str, BoxQuarter(description="Quarter the value is about.", privacy=Privacy.PUBLIC)
    ]
    measure: Annotated[str, OneOf(MEASURES, description="What is measured.", privacy=Privacy.FIRM)]
    value: Annotated[
        Decimal,
        Quantity(
            description="Value over the whole quarter, in its unit; a share is 0 to 1.",
            digits=18,
            scale=4,
            privacy=Privacy.FIRM,
        ),
    ]
    unit: Annotated[
        str,
        OneOf(
            {
                "COUNT": "a count",
                "USD": "US dollars",
                "HOURS": "hours",
                "SHARE": "a share of 1",
                "PER_MILLION": "per million",
            },
            description="Unit of the value.",
            privacy=Privacy.FIRM,
        ),
    ]
    output_definition: Annotated[
        str | None,
        Identifier(
            description="What the firm counts as a unit, by a code of its own; changes of it break a series.",
            privacy=Privacy.FIRM,
        ),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="PFM-201",
            needs=("unit", "measure"),
            ok=_unit_fits,
            message="unit does not go with measure",
            hint="Shares and yields are SHARE, cases and units COUNT, value USD, hours HOURS.",
            rationale="Values in another unit would be added up with the rest.",
        ),
        RowRule(
            code="PFM-202",
            needs=("value", "unit"),
            ok=lambda row: (row.unit != "SHARE") | (row.value <= 1),
            message="value is above 1, but unit is SHARE",
            hint="Write a share of 1, not a percentage: 97.5 percent is 0.975.",
            rationale="A percentage read as a share is a hundred times too large.",
        ),
        known_at_own_firm(
            "PFM-401", why="A site's performance is held against the training that took place there."
        ),
    )
