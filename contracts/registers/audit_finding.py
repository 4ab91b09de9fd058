"""Findings of audits: against which standard, how grave, how many rows, and how each was resolved.

Samples of reported facts are in ``spot_check``; what is to be done is in ``action_item``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.fields import OneOf, Privacy, Ref, Text
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import count, day, member, opaque, program
from contracts.registers.row_rules import given_together, not_before
from contracts.registers.spot_check import CHECKED
from contracts.rules import Rule


class AuditFinding(Contract):
    """One finding of one audit."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="audit_finding",
        version="1.0.0",
        prefix="AUD",
        title="Audit findings",
        description="What audits found and how it was resolved. A later file's row with the same key takes "
        "the earlier one's place.",
        grain="finding_id",
        key=("finding_id",),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    finding_id: Annotated[str, opaque("Finding.")]
    audit_id: Annotated[str, opaque("Audit.")]
    audit_kind: Annotated[
        str,
        OneOf(
            {
                "DATA_VALIDATION": "reported facts against documents",
                "FINANCIAL": "the fund's money",
                "PRIVACY": "sharing, keeping and publishing of data",
                "CREDENTIAL": "standards of assessment and issue",
            },
            description="What was audited.",
            privacy=Privacy.FIRM,
        ),
    ]
    audited_by: Annotated[
        str,
        OneOf(
            {
                "INDEPENDENT": "an auditor from outside",
                "FUNDER": "a funder",
                "WORKFORCE_BOARD": "a workforce board",
                "OPERATOR": "the operator",
            },
            description="Who audited.",
            privacy=Privacy.FIRM,
        ),
    ]
    firm_id: Annotated[str | None, member("Firm it is about; blank: none in particular.")] = None
    program_id: Annotated[str | None, program("Program it is about.")] = None
    checked_contract: Annotated[
        str | None, OneOf(CHECKED, description="Extract or register it is about.", privacy=Privacy.FIRM)
    ] = None
    severity: Annotated[
        str,
        OneOf(
            {
                "CRITICAL": "published figures or people are at risk",
                "MAJOR": "a rule was broken",
                "MINOR": "a rule was followed poorly",
                "OBSERVATION": "advice",
            },
            description="How grave it is.",
            privacy=Privacy.FIRM,
        ),
    ]
    statement: Annotated[
        str, Text(description="The finding in words; names no person.", privacy=Privacy.FIRM, most=1000)
    ]
    rows_affected: Annotated[int | None, count("Rows it concerns.", 100_000_000)] = None
    found_on: Annotated[date, day("Day of the finding.")]
    due_on: Annotated[date | None, day("Day it is to be resolved by.")] = None
    resolved_on: Annotated[date | None, day("Day it was resolved; blank while open.")] = None
    resolution: Annotated[
        str | None,
        OneOf(
            {
                "CORRECTED": "corrected",
                "ACCEPTED_RISK": "left as it is, by decision",
                "NOT_UPHELD": "disputed, and withdrawn",
            },
            description="How it was resolved.",
            privacy=Privacy.FIRM,
        ),
    ] = None
    action_id: Annotated[
        str | None,
        Ref("action_item", key="action_id", description="What is done about it.", privacy=Privacy.FIRM),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        not_before("AUD-201", "due_on", "found_on", why="Findings overdue are counted from the due day."),
        not_before("AUD-202", "resolved_on", "found_on", why="Nothing is resolved before it is found."),
        given_together(
            "AUD-203", "resolved_on", "resolution", why="The register of discrepancies says how each ended."
        ),
    )
