"""The establishment register: the sites of a firm, each at one place in one line of business.

Firms themselves are in ``firm``; what a site puts out is in ``firm_performance``. No street is held.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.extracts.columns import BOARD, NAICS, flag
from contracts.fields import Code, Identifier, OneOf, Privacy
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import ReportingFirm, count, day, place
from contracts.registers.row_rules import not_before
from contracts.registers.validity import first_day, last_day, valid_in_order
from contracts.rules import Rule


class Establishment(Contract):
    """One site of one firm, over a time in which nothing about it changed."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="establishment",
        version="1.0.0",
        prefix="EST",
        title="Establishments",
        description="The sites of a member firm with place, industry and size, effective-dated. "
        "Each file lists all sites of the firm.",
        grain="firm_id × establishment_id × valid_from",
        key=("firm_id", "establishment_id", "valid_from"),
        dropped_by=Party.FIRM,
        cadence=Cadence.STATE,
    )

    firm_id: ReportingFirm
    establishment_id: Annotated[
        str, Identifier(description="Site, unique within the firm.", privacy=Privacy.FIRM)
    ]
    reporting_unit: Annotated[
        str | None,
        Code(
            None,
            description="Reporting unit number of the site in the state's unemployment-insurance account.",
            source="QCEW reporting unit number",
            shape=Gate("[0-9]{5}"),
            like="00001",
            privacy=Privacy.FIRM,
        ),
    ] = None
    naics_code: Annotated[
        str,
        Code(
            "naics_2022",
            description="Industry of the site, six digits; it may differ from the firm's.",
            source="NAICS 2022",
            shape=NAICS,
            like="336411",
        ),
    ]
    ownership_code: Annotated[
        str | None,
        OneOf(
            {"1": "federal government", "2": "state government", "3": "local government", "5": "private"},
            description="Kind of owner.",
            source="QCEW ownership",
            privacy=Privacy.FIRM,
        ),
    ] = None
    headcount: Annotated[int | None, count("Employees at the site.")] = None
    county_fips: Annotated[str, place("County of the site.")]
    lwdb_code: Annotated[
        str | None,
        Code(
            None,
            description="Local workforce board of the site.",
            source="PIRL 108-A",
            shape=BOARD,
            like="06045",
            privacy=Privacy.FIRM,
        ),
    ] = None
    union_represented: Annotated[
        int | None, flag("A union represents some of the workers of the site.", privacy=Privacy.FIRM)
    ] = None
    hosts_training: Annotated[
        int | None, flag("Training of the consortium takes place at the site.", privacy=Privacy.FIRM)
    ] = None
    has_productivity_standard: Annotated[
        int | None,
        flag("A written standard says when a new worker is fully productive.", privacy=Privacy.FIRM),
    ] = None
    opened_on: Annotated[date | None, day("Day the site opened.")] = None
    closed_on: Annotated[date | None, day("Day the site closed; blank while it is open.")] = None
    valid_from: Annotated[date | None, first_day()] = None
    valid_to: Annotated[date | None, last_day()] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("EST-201", "valid_from", "valid_to"),
        not_before(
            "EST-202",
            "closed_on",
            "opened_on",
            why="Jobs and output are counted per day a site was open.",
        ),
    )
