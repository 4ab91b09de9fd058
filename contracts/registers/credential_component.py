"""How credentials stack: which one is part of, required by, or counted toward which other.

Credentials themselves are in ``credential_definition``; ladders and their depth are computed in dbt.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.fields import Identifier, OneOf, Privacy, Quantity
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import catalogued
from contracts.registers.row_rules import given_together, unlike
from contracts.registers.validity import first_day, last_day, valid_in_order
from contracts.rules import Rule

CREDIT_UNITS = {
    "SEMESTER_HOUR": "semester hours",
    "QUARTER_HOUR": "quarter hours",
    "CONTINUING_EDUCATION_UNIT": "continuing-education units",
    "CLOCK_HOUR": "clock hours",
    "COMPETENCY": "competencies",
}


class CredentialComponent(Contract):
    """One relation between two credentials, over a time in which nothing about it changed."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="credential_component",
        version="1.0.0",
        prefix="CCO",
        title="Components of credentials",
        description="Parts, requirements and advanced standing between credentials, effective-dated.",
        grain="credential_id × component_credential_id × relation × valid_from",
        key=("credential_id", "component_credential_id", "relation", "valid_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    credential_id: Annotated[str, catalogued("The larger or later credential.")]
    component_credential_id: Annotated[str, catalogued("The smaller or earlier credential.")]
    relation: Annotated[
        str,
        OneOf(
            {
                "HAS_PART": "the component is a part of the credential (ceterms:hasPart)",
                "REQUIRES": "the component must be held first (ceterms:requires)",
                "ADVANCED_STANDING_FROM": "the component shortens the way (ceterms:advancedStandingFrom)",
                "RECOMMENDS": "the component is advised (ceterms:recommends)",
            },
            description="How the component stands to the credential.",
            source="CTDL",
            privacy=Privacy.PUBLIC,
        ),
    ]
    alternative_group: Annotated[
        str | None,
        Identifier(
            description="Components of one group stand for each other: any one of them is enough.",
            privacy=Privacy.PUBLIC,
        ),
    ] = None
    credit_value: Annotated[
        Decimal | None, Quantity(description="Credit the component counts for.", privacy=Privacy.PUBLIC)
    ] = None
    credit_unit: Annotated[
        str | None, OneOf(CREDIT_UNITS, description="Unit of the credit.", privacy=Privacy.PUBLIC)
    ] = None
    valid_from: Annotated[date | None, first_day()] = None
    valid_to: Annotated[date | None, last_day()] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("CCO-201", "valid_from", "valid_to"),
        unlike(
            "CCO-202",
            "component_credential_id",
            "credential_id",
            why="A credential that is part of itself would make the ladder endless.",
        ),
        given_together("CCO-203", "credit_value", "credit_unit", why="Credits of two units do not add up."),
    )
