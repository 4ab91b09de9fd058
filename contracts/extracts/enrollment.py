"""The enrollment extract: one period of training participation, with supports and funding.

Merging periods less than 90 days apart, cohorts and indicators belong to the dbt project.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.extracts.columns import flag
from contracts.extracts.participant import Participant
from contracts.fields import Money, OneOf, Privacy
from contracts.model import Cadence, ContractMeta, Party
from contracts.rules import RowRule, Rule

_ORDER_HINT = "Check both dates; they may be swapped, or one of them typed in another order of day and month."
_ORDER_REASON = "Durations and cohorts are reckoned from these dates."


def _in_order(code: str, earlier: str, later: str) -> RowRule:
    """``later`` is not before ``earlier`` where both are given."""
    return RowRule(
        code=code,
        needs=(later, earlier),
        ok=lambda row: row[later] >= row[earlier],
        message=f"{later} is before {earlier}",
        hint=_ORDER_HINT,
        rationale=_ORDER_REASON,
    )


def _support(description: str, source: str = "") -> Money:
    return Money(description=description, source=source, privacy=Privacy.SENSITIVE)


class Enrollment(Participant):
    """One person's period of participation in one program, as a firm reports it."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="enrollment",
        version="1.0.0",
        prefix="ENR",
        title="Enrollments",
        description="People taken into a program, what became of their training, and who they are at entry.",
        grain="learner_key × program_id × entry_date",
        key=("learner_key", "program_id", "entry_date"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    support_transport_usd: Annotated[Decimal | None, _support("Help with transport.")] = None
    support_childcare_usd: Annotated[Decimal | None, _support("Help with child care.")] = None
    support_stipend_usd: Annotated[
        Decimal | None, _support("Stipends and other needs-related payments.", "PIRL 1500")
    ] = None
    flexible_schedule: Annotated[int | None, flag("Was given a flexible schedule.")] = None
    funding_source: Annotated[
        str | None,
        OneOf(
            {
                "EMPLOYER": "the employer",
                "FUND": "the pooled training fund",
                "WIOA_ADULT": "WIOA adult program",
                "WIOA_DW": "WIOA dislocated worker program",
                "WIOA_YOUTH": "WIOA youth program",
                "STATE": "state money",
                "PHILANTHROPY": "philanthropy",
                "SELF": "the learner",
            },
            description="Who pays for the training in the main.",
            source="PIRL 903-905",
            privacy=Privacy.FIRM,
        ),
    ] = None
    pay_for_performance: Annotated[
        int | None, flag("The provider is paid by results.", "PIRL 930", Privacy.FIRM)
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        _in_order("ENR-201", earlier="entry_date", later="training_start_date"),
        _in_order("ENR-202", earlier="training_start_date", later="training_end_date"),
        RowRule(
            code="ENR-203",
            needs=("training_completed",),
            reads=("training_end_date",),
            ok=lambda row: (row.training_completed != 1) | row.training_end_date.notnull(),
            message="training_completed is 1, but training_end_date is blank",
            hint="Give the day of completion, or leave training_completed blank while training goes on.",
            rationale="Completions are counted in the quarter they happened in.",
        ),
        _in_order("ENR-204", earlier="entry_date", later="exit_date"),
        _in_order("ENR-205", earlier="training_end_date", later="exit_date"),
        RowRule(
            code="ENR-206",
            needs=("other_reason_for_exit",),
            reads=("exit_date",),
            ok=lambda row: (row.other_reason_for_exit == "00") | row.exit_date.notnull(),
            message="other_reason_for_exit names a reason, but exit_date is blank",
            hint="Give the exit date, or 00 (or blank) while the person takes part.",
            rationale="The reason takes an exit out of the indicators; here there is none to take out.",
        ),
    )
