"""Cohorts of programs, pilots among them: what a pilot must show was written down before it began.

The verdict is computed from the marts on the day fixed here; the ledger proves when the criteria came in.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.fields import Identifier, OneOf, Privacy, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import day, decision, measured, program
from contracts.registers.metrics import direction, metric
from contracts.registers.row_rules import given_where, not_before, unlike
from contracts.rules import RowRule, Rule

_CRITERIA = (
    *("criterion_metric_id", "criterion_direction", "margin", "planned_n"),
    *("registered_on", "verdict_on"),
)


class Cohort(Contract):
    """One cohort of one program."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="cohort",
        version="1.0.0",
        prefix="COH",
        title="Cohorts and pilots",
        description="Cohorts with their dates and, for pilots, the criteria registered before the start.",
        grain="cohort_id",
        key=("cohort_id",),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    cohort_id: Annotated[str, Identifier(description="Cohort.", privacy=Privacy.PUBLIC)]
    program_id: Annotated[str, program("Program of the cohort.")]
    cohort_kind: Annotated[
        str,
        OneOf(
            {
                "REGULAR": "a run of an established program",
                "PILOT": "a trial with criteria registered in advance",
                "EXPANSION": "a pilot carried to further sites or firms",
            },
            description="Kind of cohort.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    starts_on: Annotated[date, day("First day of training.", privacy=Privacy.PUBLIC)]
    ends_on: Annotated[date | None, day("Planned last day of training.", privacy=Privacy.PUBLIC)] = None
    planned_n: Annotated[
        int | None,
        WholeNumber(
            description="Learners planned for; a verdict needs as many.",
            privacy=Privacy.PUBLIC,
            least=1,
            most=100_000,
        ),
    ] = None
    study_design: Annotated[
        str | None,
        OneOf(
            {
                "SINGLE_ARM": "the cohort alone against its margin",
                "COMPARISON": "against a comparison group that was not drawn by lot",
                "RANDOMIZED": "places were drawn by lot",
            },
            description="What the pilot is held against.",
            privacy=Privacy.PUBLIC,
        ),
    ] = None
    criterion_metric_id: Annotated[str | None, metric("Metric of the criterion.")] = None
    criterion_direction: Annotated[str | None, direction()] = None
    margin: Annotated[
        Decimal | None, measured("Margin the interval is held against, in the metric's own unit.")
    ] = None
    registered_on: Annotated[
        date | None, day("Day the criterion was registered.", privacy=Privacy.PUBLIC)
    ] = None
    verdict_on: Annotated[
        date | None, day("Day of the verdict, fixed in advance.", privacy=Privacy.PUBLIC)
    ] = None
    expands_cohort_id: Annotated[
        str | None, Identifier(description="Pilot that is carried further.", privacy=Privacy.PUBLIC)
    ] = None
    decision_id: Annotated[str | None, decision("Decision that began or expanded it.")] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        not_before("COH-201", "ends_on", "starts_on", why="Planned length is reckoned from these days."),
        given_where(
            "COH-202",
            "cohort_kind",
            ("PILOT",),
            _CRITERIA,
            why="A pilot whose success is defined afterwards always succeeds.",
        ),
        RowRule(
            code="COH-203",
            needs=("registered_on", "starts_on"),
            ok=lambda row: row.registered_on <= row.starts_on,
            message="registered_on is after starts_on",
            hint="Give the day the criterion was first registered; a later one is no pre-registration.",
            rationale="A criterion chosen with the first figures in sight proves nothing.",
        ),
        not_before("COH-204", "verdict_on", "starts_on", why="There is nothing to judge before the start."),
        given_where(
            "COH-205",
            "cohort_kind",
            ("EXPANSION",),
            ("expands_cohort_id",),
            why="An expansion rests on a pilot, and readers look up its verdict.",
        ),
        unlike("COH-206", "expands_cohort_id", "cohort_id", why="A cohort cannot expand itself."),
    )
