"""Terms of pay for performance between the fund and a provider or firm: trigger, threshold, fee, holdback.

What falls due is computed from the same mart as the report. No term pays or bills a worker.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.fields import Identifier, OneOf, Privacy, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import day, decision, measured, opaque, program, quarter, share, sum_moved
from contracts.registers.metrics import direction, metric, tested_on
from contracts.registers.row_rules import given_together, not_before
from contracts.registers.validity import valid_in_order
from contracts.rules import RowRule, Rule


class PerformanceTerm(Contract):
    """One term: one trigger, with what is paid when it is met."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="performance_term",
        version="1.0.0",
        prefix="PTM",
        title="Performance terms",
        description="What the fund owes a provider or firm when a figure of a mature cohort meets its mark.",
        grain="term_id × effective_from",
        key=("term_id", "effective_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    term_id: Annotated[str, Identifier(description="Term.", privacy=Privacy.FIRM)]
    program_id: Annotated[str, program("Program it is about.")]
    payee_type: Annotated[
        str,
        OneOf(
            {"PROVIDER": "a training provider", "MEMBER_FIRM": "a member firm"},
            description="Who is paid.",
            source="PIRL 930",
            privacy=Privacy.PUBLIC,
            hint="Pay for performance runs between the fund and a provider or firm, never with a worker.",
        ),
    ]
    payee_id: Annotated[str, opaque("Provider or firm that is paid.")]
    decision_id: Annotated[str | None, decision("Decision that agreed the term.")] = None
    trigger_metric_id: Annotated[str, metric("Metric that triggers payment.")]
    direction: Annotated[str, direction()]
    threshold: Annotated[Decimal, measured("Threshold, in the metric's own unit; a share is 0 to 1.")]
    tested_on: Annotated[str, tested_on()]
    least_n: Annotated[
        int | None,
        WholeNumber(
            description="Least denominator of a cohort that is tested.",
            privacy=Privacy.PUBLIC,
            least=1,
            most=100_000,
        ),
    ] = None
    cohort_start: Annotated[str, quarter("First exit quarter the term covers.")]
    cohort_end: Annotated[str, quarter("Last exit quarter the term covers.")]
    fee_usd: Annotated[Decimal, sum_moved("Fee when the threshold is met.")]
    fee_unit: Annotated[
        str,
        OneOf(
            {"COHORT": "once for a cohort", "PERSON": "for each person in the numerator"},
            description="What the fee is paid for.",
            privacy=Privacy.FIRM,
        ),
    ]
    cap_usd: Annotated[Decimal | None, sum_moved("Most that is paid under the term.")] = None
    holdback_share: Annotated[Decimal | None, share("Share of the fee held back until the second test.")] = (
        None
    )
    second_metric_id: Annotated[str | None, metric("Metric of the second test.")] = None
    second_threshold: Annotated[Decimal | None, measured("Threshold of the second test.")] = None
    warranty_months: Annotated[
        int | None,
        WholeNumber(
            description="Months in which the provider trains again, free of charge, who falls short.",
            privacy=Privacy.FIRM,
            least=0,
            most=120,
        ),
    ] = None
    effective_from: Annotated[date, day("First day the term is in force.")]
    effective_to: Annotated[date | None, day("Last day it is in force; blank: until further notice.")] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("PTM-201", "effective_from", "effective_to"),
        not_before("PTM-202", "cohort_end", "cohort_start", why="Cohorts are windows of exit quarters."),
        RowRule(
            code="PTM-203",
            needs=("holdback_share",),
            reads=("second_metric_id", "second_threshold"),
            ok=lambda row: (
                (row.holdback_share == 0) | (row.second_metric_id.notnull() & row.second_threshold.notnull())
            ),
            message="part of the fee is held back, but there is no second test",
            hint="Give second_metric_id and second_threshold, or hold back nothing.",
            rationale="Money held back without a test would never fall due.",
        ),
        given_together(
            "PTM-204", "second_metric_id", "second_threshold", why="A test is a metric with its threshold."
        ),
    )
