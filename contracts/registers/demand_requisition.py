"""Requisitions: seats a firm has opened, and when each was approved, posted, filled or cancelled.

Wages are not collected, neither offered nor planned. Seats only expected are in ``hiring_intent``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.extracts.columns import flag, occupation
from contracts.fields import Identifier, OneOf, Privacy, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import ReportingFirm, catalogued, day, opaque, place
from contracts.registers.own_rows import known_at_own_firm
from contracts.registers.row_rules import given_together, not_before
from contracts.rules import RowRule, Rule


class DemandRequisition(Contract):
    """Seats of one requisition that share all their dates."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="demand_requisition",
        version="1.0.0",
        prefix="REQ",
        title="Requisitions",
        description="Open, filled and cancelled seats. Seats of one requisition that were filled on "
        "different days are different lines. A later file's row with the same key takes the earlier one's "
        "place. No wages.",
        grain="firm_id × requisition_id × line_number",
        key=("firm_id", "requisition_id", "line_number"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    firm_id: ReportingFirm
    requisition_id: Annotated[str, opaque("Requisition, unique within the firm; placements name it too.")]
    line_number: Annotated[
        int | None,
        WholeNumber(
            description="Number of the group of seats; blank when the requisition has one group.",
            privacy=Privacy.FIRM,
            least=1,
            most=9999,
        ),
    ] = None
    establishment_id: Annotated[
        str | None, Identifier(description="Site of the firm.", privacy=Privacy.FIRM)
    ] = None
    soc_code: Annotated[str, occupation("Occupation of the seats.", "SOC 2018")]
    county_fips: Annotated[str, place("County of the work.")]
    seats: Annotated[
        int, WholeNumber(description="Seats of the line.", privacy=Privacy.FIRM, least=1, most=10_000)
    ]
    opened_on: Annotated[date, day("Day the need was recorded.")]
    approved_on: Annotated[date | None, day("Day the seats were approved.")] = None
    posted_on: Annotated[date | None, day("Day the seats were posted.")] = None
    accepted_on: Annotated[
        date | None, day("Day the offers were accepted; blank while the seats are open.")
    ] = None
    started_on: Annotated[date | None, day("First day of work.")] = None
    cancelled_on: Annotated[date | None, day("Day the seats were cancelled.")] = None
    fill_channel: Annotated[
        str | None,
        OneOf(
            {
                "CONSORTIUM_PROGRAM": "out of a program of the consortium",
                "INTERNAL_MOVE": "moved within the firm",
                "PROMOTION": "promoted within the firm",
                "REFERRAL": "referred by workers",
                "WORKFORCE_BOARD": "through a workforce board or job center",
                "AGENCY": "through a staffing agency",
                "OTHER_EXTERNAL": "another way, from outside",
            },
            description="How the seats were filled.",
            privacy=Privacy.FIRM,
        ),
    ] = None
    critical_role: Annotated[
        int | None, flag("The firm counts the role among its critical ones.", privacy=Privacy.FIRM)
    ] = None
    required_credential_id: Annotated[str | None, catalogued("Credential the seats ask for.")] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        not_before("REQ-201", "approved_on", "opened_on", why="Time to fill begins with these days."),
        not_before("REQ-202", "posted_on", "opened_on", why="Nothing is posted before there is a need."),
        not_before("REQ-203", "accepted_on", "opened_on", why="Time to fill would be negative."),
        not_before("REQ-204", "accepted_on", "approved_on", why="Time to fill would be negative."),
        not_before("REQ-205", "started_on", "accepted_on", why="Nobody starts before accepting."),
        not_before("REQ-206", "cancelled_on", "opened_on", why="Nothing is cancelled before it is opened."),
        RowRule(
            code="REQ-207",
            reads=("accepted_on", "cancelled_on"),
            ok=lambda row: row.accepted_on.isnull() | row.cancelled_on.isnull(),
            message="the seats are both filled and cancelled",
            hint="Give filled and cancelled seats a line each.",
            rationale="Filling and cancelling compete: a seat ends one way only.",
        ),
        given_together(
            "REQ-208", "fill_channel", "accepted_on", why="Seats are compared by how they were filled."
        ),
        RowRule(
            code="REQ-209",
            needs=("started_on",),
            reads=("accepted_on",),
            ok=lambda row: row.accepted_on.notnull(),
            message="started_on is given, but accepted_on is blank",
            hint="Give the day the offer was accepted.",
            rationale="Seats without an acceptance are counted as open.",
        ),
        known_at_own_firm(
            "REQ-401", why="A seat at an unknown site counts for the firm, but for no place of its own."
        ),
    )
