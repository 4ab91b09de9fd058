"""The placement extract: who started in which job, why it ended, and when they were up to standard.

Spells, recalls and retention over employers belong to the dbt project.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts.codes import Severity
from contracts.extracts.columns import (
    NAICS,
    WORKER_TYPES,
    EmployingFirm,
    KeyEpoch,
    LearnerKey,
    county,
    flag,
    occupation,
)
from contracts.extracts.enrollment import Enrollment
from contracts.fields import Code, Identifier, IsoDate, Money, OneOf, Privacy, Text, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.rules import CrossRule, RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir


def _proficiency_in_order(row: ir.Table) -> ir.BooleanValue:
    """Start, proficiency, full productivity: each given date is not before the ones it follows."""
    proficient = (row.proficiency_date >= row.job_start_date).fill_null(True)
    productive = (row.full_productivity_date >= row.job_start_date).fill_null(True)
    return proficient & productive & (row.full_productivity_date >= row.proficiency_date).fill_null(True)


class Placement(Contract):
    """One person's job in one position at one firm."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="placement",
        version="1.0.0",
        prefix="PLC",
        title="Placements",
        description="Jobs people started, moved into or were kept in, their end, the time to proficiency.",
        grain="learner_key × firm_id × job_start_date × position_key",
        key=("learner_key", "firm_id", "job_start_date", "position_key"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    learner_key: LearnerKey
    key_epoch: KeyEpoch
    firm_id: EmployingFirm
    position_key: Annotated[
        str, Identifier(description="Position, opaque and unique within the firm.", privacy=Privacy.FIRM)
    ]
    requisition_id: Annotated[
        str | None, Identifier(description="Requisition the job filled.", privacy=Privacy.FIRM)
    ] = None
    job_start_date: Annotated[date, IsoDate(description="First day in the job.")]
    job_end_date: Annotated[
        date | None, IsoDate(description="Last day in the job; blank while it lasts.")
    ] = None
    separation_reason: Annotated[
        str | None,
        OneOf(
            ("QUIT", "LAYOFF", "DISCHARGE", "RETIRE", "TRANSFER_OUT", "DEATH", "OTHER"),
            description="Why the job ended.",
            privacy=Privacy.SENSITIVE,
        ),
    ] = None
    placement_type: Annotated[
        str,
        OneOf(
            {
                "NEW_HIRE": "new to the firm",
                "INTERNAL_MOVE": "moved within the firm",
                "PROMOTION": "promoted",
                "CONVERSION": "from temporary or trainee to regular",
                "RECALL": "back at the firm within four quarters",
                "RETAINED_INCUMBENT": "kept, after training, in the same job",
            },
            description="How the person came into the job.",
        ),
    ]
    soc_code: Annotated[str | None, occupation("Occupation of the job.", "SOC 2018")] = None
    job_title: Annotated[
        str | None,
        Text(
            description="Title of the job; never published, never a person's name.",
            privacy=Privacy.FIRM,
            most=60,
        ),
    ] = None
    naics_code: Annotated[
        str | None,
        Code(
            "naics_2022",
            description="Industry of the establishment, six digits.",
            source="NAICS 2022",
            shape=NAICS,
            like="336411",
        ),
    ] = None
    work_county_fips: Annotated[str | None, county("County of the workplace.", "FIPS 6-4")] = None
    worker_type: Annotated[str | None, OneOf(WORKER_TYPES, description="Kind of employment.")] = None
    unsubsidized: Annotated[int | None, flag("No public money pays part of the wage.")] = None
    training_related: Annotated[
        int | None, flag("The job is related to the training received.", "PIRL 1608")
    ] = None
    apprenticeship_step: Annotated[
        int | None,
        WholeNumber(description="Step of the apprenticeship's wage schedule.", least=0, most=99),
    ] = None
    entry_wage_rate_usd_hr: Annotated[
        Decimal | None,
        Money(description="Hourly wage at the start.", unit="US dollars an hour", privacy=Privacy.SENSITIVE),
    ] = None
    hire_source: Annotated[
        str | None,
        OneOf(
            {
                "CONSORTIUM_PROGRAM": "out of a program of the consortium",
                "INTERNAL": "from within the firm",
                "OTHER_MEMBER": "from another member firm",
                "EXTERNAL": "from outside the consortium",
            },
            description="Where the person came from.",
        ),
    ] = None
    proficiency_date: Annotated[
        date | None, IsoDate(description="First day the work met the firm's written standard.")
    ] = None
    full_productivity_date: Annotated[date | None, IsoDate(description="First day of full productivity.")] = (
        None
    )
    supervisor_confirm: Annotated[
        int | None, flag("The supervisor confirmed that the person works there.")
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="PLC-201",
            needs=("job_end_date", "job_start_date"),
            ok=lambda row: row.job_end_date >= row.job_start_date,
            message="job_end_date is before job_start_date",
            hint="Check both dates; leave job_end_date blank while the job lasts.",
            rationale="Spells of employment are cut into quarters by these dates.",
        ),
        RowRule(
            code="PLC-202",
            reads=("separation_reason", "job_end_date"),
            ok=lambda row: row.separation_reason.isnull() == row.job_end_date.isnull(),
            message="separation_reason and job_end_date must be given together",
            hint="Give both for a job that ended, neither for one that lasts.",
            rationale="An end without a reason may be a transfer, and a reason without an end has no date.",
        ),
        RowRule(
            code="PLC-203",
            needs=("job_start_date",),
            reads=("proficiency_date", "full_productivity_date"),
            ok=_proficiency_in_order,
            message="job_start_date, proficiency_date and full_productivity_date are out of order",
            hint="Each day, where given, follows the one before; leave blank what has not been reached.",
            rationale="Time to proficiency is reckoned from the first day in the job.",
        ),
        CrossRule(
            code="PLC-401",
            needs=("hire_source", "learner_key"),
            against=Enrollment,
            on=("learner_key",),
            ok=lambda row, own: (row.hire_source != "CONSORTIUM_PROGRAM") | own["found"],
            severity=Severity.WARNING,
            message="hire_source is CONSORTIUM_PROGRAM, but the firm reported no enrollment of the learner",
            hint="Send the enrollment, or check hire_source; other firms' enrollments are not seen.",
            rationale="A hire out of a program is counted as its placement.",
        ),
    )
