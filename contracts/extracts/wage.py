"""The wage extract: what a firm paid a person in a quarter, for participants and the comparison pool.

No row means not observed; a row with 0 means employed and paid nothing. Summing over employers and turning
quarters into outcomes belongs to the dbt project.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts import expressions
from contracts.codes import Severity
from contracts.extracts.columns import (
    WORKER_TYPES,
    EmployingFirm,
    KeyEpoch,
    LearnerKey,
    county,
    flag,
    occupation,
)
from contracts.extracts.enrollment import Enrollment
from contracts.fields import BoxQuarter, Code, Money, OneOf, Privacy, Quantity, WholeNumber
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.rules import CrossRule, RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

FEDERAL_MINIMUM_WAGE_USD = "7.25"
"""US dollars an hour since 24 July 2009 (29 USC 206(a)(1)(C))."""

MOST_HOURS = "1200"
"""About 92 hours in each of 13 weeks: more is a yearly figure or another unit."""


def _at_least_minimum_wage(row: ir.Table) -> ir.BooleanValue:
    minimum = expressions.literal(FEDERAL_MINIMUM_WAGE_USD).cast("decimal(4,2)")
    paid = (row.hours_paid > 0) & (row.gross_wages_usd > 0)
    return ~paid | (row.gross_wages_usd >= minimum * row.hours_paid)


class Wage(Contract):
    """One person's pay at one firm in one quarter."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="wage",
        version="1.0.0",
        prefix="WAG",
        title="Wages",
        description="Quarterly wages as paid, of participants and, by opt-in, of comparison workers.",
        grain="learner_key × firm_id × year_quarter",
        key=("learner_key", "firm_id", "year_quarter"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    learner_key: LearnerKey
    key_epoch: KeyEpoch
    firm_id: EmployingFirm
    year_quarter: Annotated[
        str,
        BoxQuarter(description="Quarter in which the wages were paid.", privacy=Privacy.PUBLIC),
    ]
    gross_wages_usd: Annotated[
        Decimal,
        Money(
            description="Gross wages paid in the quarter (UI definition); 0: employed, paid nothing.",
            source="UI wage record",
            privacy=Privacy.SENSITIVE,
        ),
    ]
    hours_paid: Annotated[
        Decimal | None,
        Quantity(
            description="Hours paid in the quarter, leave included.",
            source="JEDx totalHoursPaid",
            unit="hours",
            most=MOST_HOURS,
        ),
    ] = None
    hours_worked: Annotated[
        Decimal | None,
        Quantity(
            description="Hours worked in the quarter, leave excluded.",
            source="JEDx totalHoursWorked",
            unit="hours",
            most=MOST_HOURS,
        ),
    ] = None
    weeks_worked: Annotated[
        int | None,
        WholeNumber(
            description="Weeks of the quarter with any work.", source="JEDx workedWeeks", least=0, most=14
        ),
    ] = None
    month1_flag: Annotated[
        int | None, flag("Worked in the pay period with the 12th of the first month.", "JEDx month1Flag")
    ] = None
    month2_flag: Annotated[
        int | None, flag("Worked in the pay period with the 12th of the second month.", "JEDx month2Flag")
    ] = None
    month3_flag: Annotated[
        int | None, flag("Worked in the pay period with the 12th of the third month.", "JEDx month3Flag")
    ] = None
    soc_code: Annotated[str | None, occupation("Occupation in the quarter.", "SOC 2018")] = None
    worker_type: Annotated[
        str | None, OneOf(WORKER_TYPES, description="Kind of employment in the quarter.")
    ] = None
    primary_work_county_fips: Annotated[
        str | None, county("County of the primary work location.", "FIPS 6-4")
    ] = None
    primary_work_zip3: Annotated[
        str | None,
        Code(
            None,
            description="First three digits of the ZIP code of the primary work location.",
            shape=Gate("[0-9]{3}"),
            like="900",
            privacy=Privacy.PERSON,
        ),
    ] = None
    pay_basis: Annotated[
        str | None,
        OneOf(("HOURLY", "SALARY", "PIECE", "COMMISSION"), description="What pay is reckoned by."),
    ] = None
    subsidized: Annotated[int | None, flag("Public money pays part of the wage.")] = None
    participant_flag: Annotated[int | None, flag("The person takes part in a consortium program.")] = None
    correction_reason: Annotated[
        str | None,
        OneOf(
            {
                "KEYING": "typing error",
                "LATE_INFO": "information that came late",
                "RECLASS": "reclassified",
                "LEGAL_NAME_CHANGE": "the person's or firm's legal name changed",
                "COURT_ORDER": "ordered by a court",
                "OTHER": "another reason",
            },
            description="Why the row corrects an earlier one.",
            privacy=Privacy.FIRM,
        ),
    ] = None
    record_action: Annotated[
        str | None,
        OneOf(
            {"U": "insert or replace the row", "D": "delete the row"},
            description="What a correction does to the row with the same key.",
            privacy=Privacy.FIRM,
        ),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="WAG-201",
            needs=("hours_worked", "hours_paid"),
            ok=lambda row: row.hours_worked <= row.hours_paid,
            severity=Severity.WARNING,
            message="hours_worked exceeds hours_paid",
            hint="Check that hours paid include leave, and that the two columns are not swapped.",
            rationale="Hours worked are part of hours paid; unpaid work would be a finding of another kind.",
        ),
        RowRule(
            code="WAG-202",
            needs=("gross_wages_usd", "hours_paid"),
            ok=_at_least_minimum_wage,
            severity=Severity.WARNING,
            message=f"gross_wages_usd is below {FEDERAL_MINIMUM_WAGE_USD} US dollars an hour paid",
            hint="Check hours (a year's hours in one quarter?) and wages (thousands? net instead of gross?).",
            rationale="Pay below the federal minimum is nearly always an error of unit, but may be true.",
        ),
        CrossRule(
            code="WAG-401",
            needs=("participant_flag", "learner_key"),
            against=Enrollment,
            on=("learner_key",),
            ok=lambda row, own: (row.participant_flag != 1) | own["found"],
            severity=Severity.WARNING,
            message="participant_flag is 1, but the firm has reported no enrollment of the learner",
            hint="Send the enrollment, or set participant_flag to 0; other firms' enrollments are not seen.",
            rationale="A participant without an enrollment is in no cohort and missing from every outcome.",
        ),
    )
