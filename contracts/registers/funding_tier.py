"""Tiers of funding: which figure, on how many people and what evidence, opens the next tier.

Whether a gate is passed is decided from the marts: pass, fail, or not enough data.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.codes import Severity
from contracts.fields import Identifier, OneOf, Privacy, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import amount, decision, measured, program, share, version
from contracts.registers.metrics import direction, metric, tested_on
from contracts.registers.validity import first_day, last_day, valid_in_order
from contracts.rules import RowRule, Rule


class FundingTier(Contract):
    """One gate of one tier: a metric that must stand on the right side of its threshold."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="funding_tier",
        version="1.0.0",
        prefix="TIR",
        title="Funding tiers",
        description="Gates of tiered funding, one row per gate; a tier opens when all its gates are passed.",
        grain="tier_id × gate_metric_id × valid_from",
        key=("tier_id", "gate_metric_id", "valid_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    tier_id: Annotated[str, Identifier(description="Tier.", privacy=Privacy.PUBLIC)]
    tier_level: Annotated[
        int, WholeNumber(description="Place of the tier, 1 first.", privacy=Privacy.PUBLIC, least=1, most=9)
    ]
    rule_version: Annotated[str | None, version("Version of the tier's rule.")] = None
    decision_id: Annotated[str | None, decision("Decision that set the gate.")] = None
    program_id: Annotated[str | None, program("Program it holds for; blank: every program.")] = None
    gate_metric_id: Annotated[str, metric("Metric of the gate.")]
    direction: Annotated[str, direction()]
    threshold: Annotated[Decimal, measured("Threshold, in the metric's own unit; a share is 0 to 1.")]
    tested_on: Annotated[str, tested_on()]
    least_n: Annotated[
        int,
        WholeNumber(
            description="Least denominator; below it the answer is 'not enough data'.",
            privacy=Privacy.PUBLIC,
            least=1,
            most=100_000,
        ),
    ]
    cohorts_needed: Annotated[
        int | None,
        WholeNumber(
            description="Mature cohorts in a row that must pass; blank: one.",
            privacy=Privacy.PUBLIC,
            least=1,
            most=40,
        ),
    ] = None
    evidence_level: Annotated[
        str | None,
        OneOf(
            {
                "DESCRIPTIVE": "figures without a comparison",
                "MODERATE": "a comparison that rests on assumptions, with its interval",
                "HIGH": "a randomized comparison",
            },
            description="Least strength of evidence asked for.",
            source="DOL CLEAR levels of causal evidence",
            privacy=Privacy.PUBLIC,
        ),
    ] = None
    opens_share: Annotated[Decimal | None, share("Share of the program's budget that the tier opens.")] = None
    opens_usd: Annotated[
        Decimal | None, amount("US dollars that the tier opens at most.", Privacy.PUBLIC)
    ] = None
    valid_from: Annotated[date | None, first_day()] = None
    valid_to: Annotated[date | None, last_day()] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("TIR-201", "valid_from", "valid_to"),
        RowRule(
            code="TIR-202",
            reads=("opens_share", "opens_usd"),
            ok=lambda row: row.opens_share.notnull() | row.opens_usd.notnull(),
            message="the tier opens neither a share nor an amount",
            hint="Give opens_share, opens_usd or both; both mean the smaller of the two.",
            rationale="A gate that opens nothing has no consequence.",
        ),
        RowRule(
            code="TIR-203",
            needs=("evidence_level", "tested_on"),
            ok=lambda row: (row.evidence_level == "DESCRIPTIVE") | (row.tested_on == "LOWER_LIMIT"),
            severity=Severity.WARNING,
            message="evidence beyond DESCRIPTIVE is tested on the point estimate",
            hint="Test an effect on its lower limit, or ask for DESCRIPTIVE evidence.",
            rationale="An effect is known with its interval; its point estimate alone passes by chance.",
        ),
    )
