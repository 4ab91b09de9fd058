"""Spot checks: of how many facts a firm reported, a sample was looked at, and how many were confirmed.

Counts only: which records were drawn stays with the firm. Findings of audits are in ``audit_finding``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts.fields import Identifier, OneOf, Privacy, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import count, day, member, opaque, quarter
from contracts.registers.row_rules import not_above
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

CHECKED = {
    "enrollment": "enrollments",
    "credential": "credentials",
    "placement": "placements",
    "wage": "wages",
    "comparison_wage": "comparison-pool wages",
    "demand_requisition": "requisitions",
    "skill_assessment": "skill assessments",
    "incentive_award": "incentive awards",
    "support_service": "support services",
    "firm_performance": "firm performance",
    "contribution": "contributions",
    "disbursement": "disbursements",
}
"""What can be checked against documents, by the name of its contract."""


def _drawn(description: str) -> WholeNumber:
    return WholeNumber(description=description, privacy=Privacy.FIRM, least=1, most=10_000_000)


def _adds_up(row: ir.Table) -> ir.BooleanValue:
    return row.agreed_n + row.disagreed_n + row.unverifiable_n == row.sampled_n


class SpotCheck(Contract):
    """One column of one extract, checked on a sample of one firm's records."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="spot_check",
        version="1.0.0",
        prefix="SPT",
        title="Spot checks",
        description="Samples of reported facts held against documents: agreed, disagreed, not verifiable.",
        grain="spot_check_id × checked_contract × checked_column",
        key=("spot_check_id", "checked_contract", "checked_column"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    spot_check_id: Annotated[str, opaque("Spot check.")]
    firm_id: Annotated[str, member("Firm whose records were checked.")]
    checked_contract: Annotated[
        str, OneOf(CHECKED, description="Extract or register that was checked.", privacy=Privacy.FIRM)
    ]
    checked_column: Annotated[str, Identifier(description="Column checked.", privacy=Privacy.FIRM, most=64)]
    period: Annotated[str, quarter("Quarter of the files checked.")]
    sample_method: Annotated[
        str,
        OneOf(
            {
                "RANDOM": "every record had the same chance",
                "STRATIFIED": "drawn at random within groups",
                "RISK_BASED": "drawn where errors were likely",
            },
            description="How the sample was drawn.",
            source="TEGL 23-19",
            privacy=Privacy.FIRM,
        ),
    ]
    frame_n: Annotated[int, _drawn("Records the sample was drawn from.")]
    sampled_n: Annotated[int, _drawn("Records drawn.")]
    agreed_n: Annotated[int, count("Records whose document agrees.")]
    disagreed_n: Annotated[int, count("Records whose document disagrees.")]
    unverifiable_n: Annotated[int, count("Records for which no document was found.")]
    evidence: Annotated[
        str,
        OneOf(
            {
                "PAYROLL": "payroll records",
                "HR_FILE": "personnel records",
                "ISSUER": "issuer of the credential",
                "PROVIDER": "records of the training provider",
                "BANK": "bank statements and invoices",
                "INTERVIEW": "interview",
            },
            description="What the records were held against.",
            privacy=Privacy.FIRM,
        ),
    ]
    checked_by: Annotated[
        str,
        OneOf(
            {
                "OPERATOR": "the operator",
                "PEER_PANEL": "a panel of the quality committee",
                "AUDITOR": "an auditor from outside",
                "WORKFORCE_BOARD": "a workforce board",
            },
            description="Who checked.",
            privacy=Privacy.FIRM,
        ),
    ]
    checked_on: Annotated[date, day("Last day of the check.")]

    rules: ClassVar[tuple[Rule, ...]] = (
        not_above("SPT-201", "sampled_n", "frame_n", why="A sample is drawn from its frame."),
        RowRule(
            code="SPT-202",
            needs=("sampled_n", "agreed_n", "disagreed_n", "unverifiable_n"),
            ok=_adds_up,
            message="agreed_n, disagreed_n and unverifiable_n do not add up to sampled_n",
            hint="Count each record drawn once.",
            rationale="The verified rate and its interval rest on these counts.",
        ),
    )
