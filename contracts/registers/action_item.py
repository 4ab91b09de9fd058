"""Action items: what was agreed to be done, by which seat, until when, and what came of it.

What gave rise to an item is in ``alert`` or ``decision_log``; the closed-loop rate is computed in dbt.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.fields import Identifier, OneOf, Privacy, Ref, Text
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import body, day, decision, opaque
from contracts.registers.metrics import metric
from contracts.registers.row_rules import given_together, not_before
from contracts.rules import RowRule, Rule


class ActionItem(Contract):
    """One thing to be done."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="action_item",
        version="1.0.0",
        prefix="ACT",
        title="Action items",
        description="What is to be done about an alert, a metric or a decision, by whom and until when. "
        "A later file's row with the same key takes the place of the earlier one.",
        grain="action_id",
        key=("action_id",),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    action_id: Annotated[str, Identifier(description="Action item.", privacy=Privacy.FIRM)]
    task: Annotated[
        str, Text(description="What is to be done; names no person.", privacy=Privacy.FIRM, most=300)
    ]
    alert_id: Annotated[
        str | None,
        Ref("alert", key="alert_id", description="Alert it answers.", privacy=Privacy.FIRM),
    ] = None
    metric_id: Annotated[str | None, metric("Metric it is to move.")] = None
    decision_id: Annotated[str | None, decision("Decision it carries out.")] = None
    body_id: Annotated[str | None, body("Body it is reported to.")] = None
    owner_seat_id: Annotated[str, opaque("Seat that sees to it.")]
    opened_on: Annotated[date, day("Day it was agreed.")]
    due_on: Annotated[date, day("Day it is due.")]
    closed_on: Annotated[date | None, day("Day it was closed; blank while open.")] = None
    result: Annotated[
        str | None,
        OneOf(
            {
                "DONE": "done as agreed",
                "PARTLY_DONE": "done in part",
                "DROPPED": "given up, with the body's consent",
                "MERGED": "went into another item",
            },
            description="What came of it.",
            privacy=Privacy.FIRM,
        ),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        not_before("ACT-201", "due_on", "opened_on", why="Items overdue are counted from the due day."),
        not_before("ACT-202", "closed_on", "opened_on", why="Time to close is reckoned from the opening."),
        given_together(
            "ACT-203", "closed_on", "result", why="The closed-loop rate counts what was done, not dropped."
        ),
        RowRule(
            code="ACT-204",
            reads=("alert_id", "metric_id", "decision_id"),
            ok=lambda row: row.alert_id.notnull() | row.metric_id.notnull() | row.decision_id.notnull(),
            message="the item names neither an alert nor a metric nor a decision",
            hint="Name what gave rise to it.",
            rationale="Without it nobody can see whether the loop was closed.",
        ),
    )
