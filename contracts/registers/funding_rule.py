"""Funding rules: what each firm is assessed, what is matched, and how outlays follow the business cycle.

A rule bills member firms and partners, never a worker: there is no column for repayment by a learner, and the
list of who is billed has no such code. Assessments are computed in the dbt project.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.fields import Identifier, OneOf, Privacy, Quantity, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import amount, day, decision, share, version
from contracts.registers.contribution import PUBLIC_SOURCES
from contracts.registers.funding_basis import BASES, match_has_partner, one_rate_each, rates_of_basis
from contracts.registers.row_rules import not_above
from contracts.registers.validity import valid_in_order
from contracts.rules import Rule


def _factor(description: str) -> Quantity:
    return Quantity(description=description, digits=7, scale=4, most="10", privacy=Privacy.PUBLIC)


def _relief(size_class: int) -> Quantity:
    return share(f"Factor on the basis of firms in size class {size_class}.", "LEHD firmsize")


class FundingRule(Contract):
    """One version of one funding rule."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="funding_rule",
        version="1.0.0",
        prefix="FRU",
        title="Funding rules",
        description="Who is assessed on what basis, with rate, floor, cap, relief and match; by version.",
        grain="rule_id × rule_version",
        key=("rule_id", "rule_version"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    rule_id: Annotated[str, Identifier(description="Funding rule.", privacy=Privacy.PUBLIC)]
    rule_version: Annotated[str, version("Version of the rule.")]
    decision_id: Annotated[str | None, decision("Decision that adopted the version.")] = None
    billed_party: Annotated[
        str,
        OneOf(
            {
                "MEMBER_FIRM": "member firms",
                "PUBLIC_PARTNER": "public partners",
                "PHILANTHROPY": "philanthropic partners",
            },
            description="Who is assessed under the rule.",
            privacy=Privacy.PUBLIC,
            hint="A rule may bill firms and partners only, never a worker or learner.",
        ),
    ]
    basis: Annotated[
        str, OneOf(BASES, description="What the assessment is reckoned on.", privacy=Privacy.PUBLIC)
    ]
    payroll_rate: Annotated[
        Decimal | None, share("Share of gross payroll above the exempt amount: half a percent is 0.005.")
    ] = None
    payroll_exempt_usd: Annotated[
        Decimal | None, amount("Yearly payroll on which nothing is assessed.", Privacy.PUBLIC)
    ] = None
    per_head_usd: Annotated[Decimal | None, amount("US dollars for each employee.", Privacy.PUBLIC)] = None
    benefit_rate: Annotated[Decimal | None, share("Share of the valued benefit a firm received.")] = None
    flat_usd: Annotated[Decimal | None, amount("US dollars for each firm.", Privacy.PUBLIC)] = None
    floor_usd: Annotated[Decimal | None, amount("Least a firm is assessed for a period.", Privacy.PUBLIC)] = (
        None
    )
    cap_usd: Annotated[Decimal | None, amount("Most a firm is assessed for a period.", Privacy.PUBLIC)] = None
    budget_usd: Annotated[
        Decimal | None, amount("Sum all assessments of a period must reach; blank: none.", Privacy.PUBLIC)
    ] = None
    relief_size_1: Annotated[Decimal | None, _relief(1)] = None
    relief_size_2: Annotated[Decimal | None, _relief(2)] = None
    relief_size_3: Annotated[Decimal | None, _relief(3)] = None
    assessed_every: Annotated[
        str,
        OneOf(
            {"QUARTER": "every quarter", "YEAR": "every year"},
            description="Period of an assessment.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    expiry_months: Annotated[
        int | None,
        WholeNumber(
            description="Months after which unspent money lapses; blank: never.",
            privacy=Privacy.PUBLIC,
            least=1,
            most=600,
        ),
    ] = None
    match_ratio: Annotated[
        Decimal | None, _factor("US dollars a partner adds to each dollar of the firm.")
    ] = None
    matched_by: Annotated[
        str | None, OneOf(PUBLIC_SOURCES, description="Partner that matches.", privacy=Privacy.PUBLIC)
    ] = None
    admin_cap: Annotated[Decimal | None, share("Largest share of outlays for administration.")] = None
    reserve_floor: Annotated[
        Decimal | None, share("Share of the base outlay kept as a reserve (r of the outlay rule).")
    ] = None
    cycle_beta: Annotated[
        Decimal | None,
        _factor("Change of the outlay factor per point of unemployment above its mean (beta)."),
    ] = None
    outlay_factor_least: Annotated[Decimal | None, _factor("Least factor on the base outlay.")] = None
    outlay_factor_most: Annotated[Decimal | None, _factor("Largest factor on the base outlay.")] = None
    effective_from: Annotated[date, day("First day the version is in force.", privacy=Privacy.PUBLIC)]
    effective_to: Annotated[
        date | None, day("Last day it is in force; blank: until further notice.", privacy=Privacy.PUBLIC)
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("FRU-201", "effective_from", "effective_to"),
        rates_of_basis("FRU-202"),
        one_rate_each("FRU-203"),
        not_above(
            "FRU-204", "floor_usd", "cap_usd", why="No amount is at least the floor and at most the cap."
        ),
        match_has_partner("FRU-205"),
        not_above(
            "FRU-206",
            "outlay_factor_least",
            "outlay_factor_most",
            why="The outlay is kept between the two factors.",
        ),
    )
