"""The credential extract: what a person attained, and what became of it.

Which credentials count for an indicator, and stacks of them, belong to the dbt project.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.codes import Severity
from contracts.extracts.columns import CTDL_TYPE, KeyEpoch, LearnerKey
from contracts.extracts.enrollment import Enrollment
from contracts.fields import Code, HexKey, Identifier, IsoDate, OneOf, Privacy, Quantity, Ref, Text
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.rules import CrossRule, RowRule, Rule

CREDENTIAL_TYPES = {
    "0": "no recognized credential",
    "1": "secondary diploma or equivalent",
    "2": "associate degree",
    "3": "bachelor's degree",
    "4": "occupational licensure",
    "5": "occupational certificate",
    "6": "occupational certification",
    "7": "other recognized diploma, degree or certificate",
}
"""Types of recognized credential of the participant record layout (PIRL 1800)."""


def credential_class(description: str) -> Code:
    """A class of the Credential Transparency Description Language; its list is open, its shape is not."""
    return Code(
        None, description=description, source="CTDL credential classes", shape=CTDL_TYPE, like="Certification"
    )


class Credential(Contract):
    """One credential attained by one person on one day."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="credential",
        version="1.0.0",
        prefix="CRD",
        title="Credentials",
        description="Credentials people attained, their status, and how they were assessed and verified.",
        grain="learner_key × credential_id × attained_date",
        key=("learner_key", "credential_id", "attained_date"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    learner_key: LearnerKey
    key_epoch: KeyEpoch
    credential_id: Annotated[
        str,
        Ref(
            "credential_definition",
            key="credential_id",
            description="Credential attained.",
            source="CTDL CTID in the catalog",
            privacy=Privacy.PUBLIC,
        ),
    ]
    credential_type_pirl: Annotated[
        str | None, OneOf(CREDENTIAL_TYPES, description="Type of credential.", source="PIRL 1800")
    ] = None
    ctdl_type: Annotated[str | None, credential_class("Class of the credential in CTDL.")] = None
    attained_date: Annotated[
        date, IsoDate(description="Day the credential was attained.", source="PIRL 1801")
    ]
    valid_until: Annotated[
        date | None, IsoDate(description="Last day the credential is valid; blank if it does not expire.")
    ] = None
    status: Annotated[
        str,
        OneOf(
            ("ACTIVE", "EXPIRED", "REVOKED", "SUSPENDED"),
            description="Status of the credential; a revocation keeps its history.",
        ),
    ]
    status_date: Annotated[date | None, IsoDate(description="Day the status took effect.")] = None
    issuer_id: Annotated[str | None, Identifier(description="Who issued it.", privacy=Privacy.PUBLIC)] = None
    program_id: Annotated[
        str | None,
        Ref(
            "program",
            key="program_id",
            description="Program it was attained through.",
            privacy=Privacy.PUBLIC,
        ),
    ] = None
    assessment_mode: Annotated[
        str | None,
        OneOf(
            ("PERFORMANCE", "SIMULATION", "SUPERVISED_PROJECT", "WRITTEN", "PORTFOLIO"),
            description="How competence was assessed.",
        ),
    ] = None
    score: Annotated[
        Decimal | None,
        Quantity(description="Score reached, on its scale.", privacy=Privacy.SENSITIVE, least="-9999"),
    ] = None
    score_scale: Annotated[
        str | None, Text(description="Scale of the score.", privacy=Privacy.PUBLIC, most=40)
    ] = None
    cut_score: Annotated[
        Decimal | None,
        Quantity(
            description="Score needed to pass, on the same scale.", privacy=Privacy.PUBLIC, least="-9999"
        ),
    ] = None
    verification: Annotated[
        str | None,
        OneOf(
            {
                "ISSUER_API": "asked of the issuer's service",
                "VC_SIGNED": "signed verifiable credential",
                "DOCUMENT": "document seen",
                "SELF": "the person's own word",
            },
            description="How the credential was verified.",
        ),
    ] = None
    ob3_credential_hash: Annotated[
        str | None,
        HexKey(
            description="SHA-256 of the credential's URI, never the URI itself.", source="Open Badges 3.0"
        ),
    ] = None
    stack_of: Annotated[
        str | None,
        Identifier(description="Credential this one is stacked into.", privacy=Privacy.PUBLIC),
    ] = None
    credit_value: Annotated[
        Decimal | None, Quantity(description="Academic credit it carries.", privacy=Privacy.PUBLIC)
    ] = None
    credit_unit: Annotated[
        str | None, Text(description="Unit of the credit.", privacy=Privacy.PUBLIC, most=40)
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        RowRule(
            code="CRD-201",
            needs=("valid_until", "attained_date"),
            ok=lambda row: row.valid_until >= row.attained_date,
            message="valid_until is before attained_date",
            hint="Check both dates; leave valid_until blank if the credential does not expire.",
            rationale="A credential cannot expire before it was attained.",
        ),
        RowRule(
            code="CRD-202",
            needs=("status",),
            reads=("status_date",),
            ok=lambda row: (row.status == "ACTIVE") | row.status_date.notnull(),
            severity=Severity.WARNING,
            message="status is not ACTIVE, but status_date is blank",
            hint="Give the day the credential expired, was suspended or was revoked.",
            rationale="Holders are counted on a day; without the day the loss is counted from the start.",
        ),
        CrossRule(
            code="CRD-401",
            needs=("attained_date", "program_id", "learner_key"),
            against=Enrollment,
            on=("learner_key", "program_id"),
            uses=("entry_date",),
            summary={"first_entry": lambda enrollments: enrollments.entry_date.min()},
            ok=lambda row, own: own["found"] & (row.attained_date >= own["first_entry"]),
            severity=Severity.WARNING,
            message="the firm has reported no entry of the learner into this program by attained_date",
            hint="Send the enrollment, or check program_id and attained_date; only own rows are seen.",
            rationale="A credential attained before entry was not attained through the program.",
        ),
    )
