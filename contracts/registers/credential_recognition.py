"""Which credentials each firm recognizes, on what basis, from when to when.

Whether movers carry recognized credentials is computed in dbt, never by pair of firms. What a credential is
worth in pay is not asked.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.fields import OneOf, Privacy
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import ReportingFirm, catalogued, day
from contracts.registers.validity import valid_in_order
from contracts.rules import Rule


class CredentialRecognition(Contract):
    """One credential that one firm recognizes on one basis."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="credential_recognition",
        version="1.0.0",
        prefix="CRG",
        title="Recognized credentials",
        description="Credentials a firm recognizes, whoever issued them. Each file lists all of them.",
        grain="firm_id × credential_id × basis × recognized_from",
        key=("firm_id", "credential_id", "basis", "recognized_from"),
        dropped_by=Party.FIRM,
        cadence=Cadence.STATE,
    )

    firm_id: ReportingFirm
    credential_id: Annotated[str, catalogued("Credential recognized.", "CTDL recognizedBy")]
    basis: Annotated[
        str,
        OneOf(
            {
                "HIRING_REQUIREMENT": "asked for when hiring",
                "HIRING_PREFERENCE": "an advantage when hiring",
                "ADVANCEMENT": "counts for moving up",
                "TRAINING_WAIVER": "spares the holder the firm's own training",
                "REGULATION": "the work may not be done without it",
            },
            description="What the firm recognizes it for.",
            privacy=Privacy.FIRM,
        ),
    ]
    recognized_from: Annotated[date, day("First day it is recognized.")]
    recognized_to: Annotated[date | None, day("Last day it is recognized; blank: still.")] = None

    rules: ClassVar[tuple[Rule, ...]] = (valid_in_order("CRG-201", "recognized_from", "recognized_to"),)
