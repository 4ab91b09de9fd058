"""Comparison-pool wages: quarterly pay of workers who never took part, from firms that have opted in.

The most sensitive thing collected, so it has a contract and a clause of its own, apart from ``wage``: a row
counts only under a clause its firm has signed. That its occupation has an active program is checked in dbt.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.codes import Severity
from contracts.extracts.columns import EmployingFirm, KeyEpoch, LearnerKey
from contracts.extracts.enrollment import Enrollment
from contracts.extracts.wage import Wage
from contracts.fields import Privacy, Ref
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.rules import CrossRule, Rule


def _as_of_wages(code: str, own: str) -> Rule:
    """A rule of the wage extract under a code of this contract."""
    return next(replace(rule, code=own) for rule in Wage.rules if rule.code == code)


class ComparisonWage(Contract):
    """One comparison worker's pay at one firm in one quarter."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="comparison_wage",
        version="1.0.0",
        prefix="CPW",
        title="Comparison-pool wages",
        description="Quarterly wages of workers who never took part, by opt-in, in occupations with an "
        "active program only. Build zone only; nothing of it is published but effects.",
        grain="learner_key × firm_id × year_quarter",
        key=("learner_key", "firm_id", "year_quarter"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
        opt_in="comparison_pool_opt_in",
    )

    learner_key: LearnerKey
    key_epoch: KeyEpoch
    firm_id: EmployingFirm
    year_quarter: Annotated[str, Wage.column("year_quarter").field]
    comparison_clause_id: Annotated[
        str,
        Ref(
            "membership_agreement",
            key="comparison_clause_id",
            description="Clause of the firm's membership agreement by which it has opted in.",
            privacy=Privacy.FIRM,
            hint="Only firms that have opted in send these rows; take the clause from the agreement.",
        ),
    ]
    soc_code: Annotated[str, Wage.column("soc_code").field]
    gross_wages_usd: Annotated[Decimal, Wage.column("gross_wages_usd").field]
    hours_paid: Annotated[Decimal | None, Wage.column("hours_paid").field] = None
    hours_worked: Annotated[Decimal | None, Wage.column("hours_worked").field] = None
    weeks_worked: Annotated[int | None, Wage.column("weeks_worked").field] = None
    month1_flag: Annotated[int | None, Wage.column("month1_flag").field] = None
    month2_flag: Annotated[int | None, Wage.column("month2_flag").field] = None
    month3_flag: Annotated[int | None, Wage.column("month3_flag").field] = None
    worker_type: Annotated[str | None, Wage.column("worker_type").field] = None
    primary_work_county_fips: Annotated[str | None, Wage.column("primary_work_county_fips").field] = None
    pay_basis: Annotated[str | None, Wage.column("pay_basis").field] = None
    correction_reason: Annotated[str | None, Wage.column("correction_reason").field] = None
    record_action: Annotated[str | None, Wage.column("record_action").field] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        _as_of_wages("WAG-201", "CPW-201"),
        _as_of_wages("WAG-202", "CPW-202"),
        CrossRule(
            code="CPW-401",
            needs=("learner_key",),
            against=Enrollment,
            on=("learner_key",),
            ok=lambda row, own: ~own["found"],
            severity=Severity.WARNING,
            message="the firm has reported an enrollment of this comparison worker",
            hint="Send the wages of participants in the wage extract, with participant_flag 1.",
            rationale="The comparison pool is of workers who never took part.",
        ),
    )
