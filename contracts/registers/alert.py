"""The alert ledger: which limit was crossed by which mature figure, who looks into it, how it ended.

Limits are computed from the marts; what is done about an alert is in ``action_item``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.fields import Identifier, OneOf, Privacy
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import day, measured, opaque, program, quarter, version
from contracts.registers.metrics import metric
from contracts.registers.row_rules import given_together, given_where, not_before
from contracts.rules import RowRule, Rule

_CHARTS = ("P_CHART", "CUSUM")


class Alert(Contract):
    """One alert, from its opening to its clearing."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="alert",
        version="1.0.0",
        prefix="ALR",
        title="Alerts",
        description="Alerts on mature figures, late extracts and money, with owner and end. "
        "A later file's row with the same key takes the place of the earlier one.",
        grain="alert_id",
        key=("alert_id",),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    alert_id: Annotated[str, Identifier(description="Alert.", privacy=Privacy.FIRM)]
    alert_kind: Annotated[
        str,
        OneOf(
            {
                "P_CHART": "a rate beyond three standard errors of earlier cohorts",
                "CUSUM": "a rate that drifts",
                "LATE_EXTRACT": "an extract that is overdue",
                "DATA_QUALITY": "a data-quality score below its floor",
                "BUDGET": "money about to lapse, or a reserve below its floor",
            },
            description="What raised it.",
            privacy=Privacy.FIRM,
        ),
    ]
    metric_id: Annotated[str | None, metric("Metric it is about.")] = None
    program_id: Annotated[str | None, program("Program it is about; blank: the consortium.")] = None
    cohort_start: Annotated[str | None, quarter("First quarter of the cohort.")] = None
    cohort_end: Annotated[str | None, quarter("Last quarter of the cohort.")] = None
    maturity: Annotated[
        str | None,
        OneOf(
            {
                "MATURE": "lag met and every extract in",
                "INCOMPLETE": "lag met, an extract outstanding",
                "NOT_YET": "lag not met",
            },
            description="Maturity of the figure.",
            privacy=Privacy.FIRM,
        ),
    ] = None
    observed_value: Annotated[
        Decimal | None, measured("Figure that crossed the limit.", Privacy.SENSITIVE)
    ] = None
    limit_value: Annotated[Decimal | None, measured("Limit that was crossed.", Privacy.SENSITIVE)] = None
    rule_version: Annotated[str | None, version("Version of the rule that set the limit.")] = None
    opened_on: Annotated[date, day("Day it was raised.")]
    owner_seat_id: Annotated[str, opaque("Seat that looks into it.")]
    acknowledged_on: Annotated[date | None, day("Day the owner took it up.")] = None
    cleared_on: Annotated[date | None, day("Day it was cleared; blank while open.")] = None
    clear_reason: Annotated[
        str | None,
        OneOf(
            {
                "RECOVERED": "the figure is back within its limits",
                "ACTED_ON": "a measure was taken",
                "EXPLAINED": "a known cause that needs no measure",
                "DATA_CORRECTED": "the data were wrong",
                "FALSE_ALARM": "chance",
            },
            description="Why it was cleared.",
            privacy=Privacy.FIRM,
        ),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        not_before("ALR-201", "cleared_on", "opened_on", why="Time to clear is reckoned from the opening."),
        not_before(
            "ALR-202", "acknowledged_on", "opened_on", why="Nobody takes up what has not been raised."
        ),
        given_together(
            "ALR-203", "cleared_on", "clear_reason", why="The next meeting asks why an alert went away."
        ),
        RowRule(
            code="ALR-204",
            needs=("alert_kind",),
            reads=("maturity",),
            ok=lambda row: ~row.alert_kind.isin(list(_CHARTS)) | (row.maturity == "MATURE").fill_null(False),
            message="an alert on a rate is not about a MATURE figure",
            hint="Withdraw the alert; wait until the lag is met and every member's extract is in.",
            rationale="Immature figures are low because data are missing, and would raise false alarms.",
        ),
        given_where(
            "ALR-205",
            "alert_kind",
            _CHARTS,
            ("metric_id", "cohort_start", "cohort_end"),
            why="An alert on a rate must say which rate, of which cohort.",
        ),
        not_before(
            "ALR-206", "cohort_end", "cohort_start", why="A cohort is a window of quarters, in order."
        ),
    )
