"""Membership agreements: what each firm has signed, what its rows may be used for, and whether it has opted
in to comparison-pool wages.

Agreements with workforce boards about wage matches are named by ``ui_match``. Names of signers are not held.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

from contracts.codes import Severity
from contracts.extracts.columns import flag
from contracts.fields import Flag, Identifier, Privacy, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import day, digest, member, version
from contracts.registers.row_rules import not_before
from contracts.registers.validity import valid_in_order
from contracts.rules import RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir


def _use(description: str) -> Flag:
    return flag(description, "JEDx podURL", Privacy.FIRM)


def _clause_stands_with_opt_in(row: ir.Table) -> ir.BooleanValue:
    clause = row.comparison_clause_id.notnull()
    return (row.comparison_pool_opt_in == 1).ifelse(clause & row.comparison_opted_in_on.notnull(), ~clause)


class MembershipAgreement(Contract):
    """One version of one firm's agreement with the consortium."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="membership_agreement",
        version="1.0.0",
        prefix="MAG",
        title="Membership agreements",
        description="Signed agreements by version, with permitted uses and opt-in to the comparison pool.",
        grain="agreement_id × agreement_version",
        key=("agreement_id", "agreement_version"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    agreement_id: Annotated[str, Identifier(description="Agreement.", privacy=Privacy.FIRM)]
    agreement_version: Annotated[str, version("Version of the agreement's text.")]
    firm_id: Annotated[str, member("Firm that signed.")]
    signed_on: Annotated[date, day("Day of the last signature.")]
    effective_from: Annotated[date, day("First day the version is in force.")]
    effective_to: Annotated[
        date | None, day("Last day the version is in force; blank: until further notice.")
    ] = None
    document_hash: Annotated[
        str | None, digest("SHA-256 of the signed document, which is kept elsewhere.")
    ] = None
    permits_reporting: Annotated[int, _use("Rows may be used for published figures.")]
    permits_evaluation: Annotated[int, _use("Rows may be used to estimate effects.")]
    permits_ui_match: Annotated[int, _use("Learners may be matched with wage records of the state.")]
    permits_research: Annotated[int, _use("Rows may be used for approved research in the build zone.")]
    comparison_pool_opt_in: Annotated[
        int,
        Flag(
            description="The firm has opted in to wages of workers who never took part; silence is a 0.",
            privacy=Privacy.FIRM,
        ),
    ]
    comparison_clause_id: Annotated[
        str | None,
        Identifier(
            description="Clause opted in to, named by every comparison-pool wage of the firm. When the firm "
            "opts out, the clause is taken out of all versions, and wages under it are refused from then on.",
            privacy=Privacy.FIRM,
        ),
    ] = None
    comparison_opted_in_on: Annotated[date | None, day("Day of the opt-in.")] = None
    comparison_opted_out_on: Annotated[date | None, day("Day the opt-in was withdrawn.")] = None
    retention_years: Annotated[
        int | None,
        WholeNumber(
            description="Years rows are kept after the firm leaves.", privacy=Privacy.FIRM, least=0, most=99
        ),
    ] = None
    withdrawal_notice_days: Annotated[
        int | None,
        WholeNumber(description="Notice to be given, in days.", privacy=Privacy.FIRM, least=0, most=730),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("MAG-201", "effective_from", "effective_to"),
        RowRule(
            code="MAG-202",
            needs=("effective_from", "signed_on"),
            ok=lambda row: row.effective_from >= row.signed_on,
            severity=Severity.WARNING,
            message="effective_from is before signed_on",
            hint="Check both days; rows sent before the signature need a permission of their own.",
            rationale="Nobody can permit a use after the fact by a date alone.",
        ),
        RowRule(
            code="MAG-203",
            needs=("comparison_pool_opt_in",),
            reads=("comparison_clause_id", "comparison_opted_in_on"),
            ok=_clause_stands_with_opt_in,
            message="comparison_pool_opt_in does not agree with comparison_clause_id and the day of opt-in",
            hint="Give clause and day where the firm has opted in; take the clause out where it has not.",
            rationale="Comparison-pool wages are let in by the clause, so a clause must mean a yes.",
        ),
        not_before(
            "MAG-204",
            "comparison_opted_out_on",
            "comparison_opted_in_on",
            why="What was never opted in to cannot be withdrawn.",
        ),
        RowRule(
            code="MAG-205",
            needs=("comparison_opted_out_on", "comparison_pool_opt_in"),
            ok=lambda row: row.comparison_pool_opt_in == 0,
            message="comparison_pool_opt_in is 1 although the opt-in was withdrawn",
            hint="Set comparison_pool_opt_in to 0 and take the clause out, or clear the day of withdrawal.",
            rationale="Wages of people who never took part are held only while their firm says yes.",
        ),
    )
