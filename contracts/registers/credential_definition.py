"""The catalog of credentials: what each is, who issues it, how long it lasts.

Who attained one is an extract (``credential``).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.extracts.credential import CREDENTIAL_TYPES, credential_class
from contracts.fields import Identifier, OneOf, Privacy, Text, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.program import registry_id
from contracts.registers.validity import first_day, last_day, valid_in_order
from contracts.rules import Rule


class CredentialDefinition(Contract):
    """One credential, over a time in which nothing about it changed."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="credential_definition",
        version="1.0.0",
        prefix="CDF",
        title="Credential catalog",
        description="Credentials with class, type, level, issuer and renewal, effective-dated.",
        grain="credential_id × valid_from",
        key=("credential_id", "valid_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    credential_id: Annotated[str, Identifier(description="Credential.", privacy=Privacy.PUBLIC)]
    ctid: Annotated[str | None, registry_id()] = None
    name: Annotated[str, Text(description="Name of the credential.", privacy=Privacy.PUBLIC, most=200)]
    ctdl_type: Annotated[str, credential_class("Class of the credential in CTDL.")]
    credential_type_pirl: Annotated[
        str | None,
        OneOf(
            CREDENTIAL_TYPES, description="Type of credential.", source="PIRL 1800", privacy=Privacy.PUBLIC
        ),
    ] = None
    level: Annotated[
        str | None, Text(description="Level in its framework.", privacy=Privacy.PUBLIC, most=60)
    ] = None
    issuer_id: Annotated[str | None, Identifier(description="Who issues it.", privacy=Privacy.PUBLIC)] = None
    renewal_months: Annotated[
        int | None,
        WholeNumber(
            description="Months until it must be renewed; blank: never.",
            privacy=Privacy.PUBLIC,
            least=0,
            most=600,
        ),
    ] = None
    valid_from: Annotated[date | None, first_day()] = None
    valid_to: Annotated[date | None, last_day()] = None

    rules: ClassVar[tuple[Rule, ...]] = (valid_in_order("CDF-201", "valid_from", "valid_to"),)
