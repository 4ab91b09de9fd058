"""The promise: what a firm may send and what a word means.

Pydantic models and Ibis expressions only. Reading files, running programs and keeping rows belong to
``warehouse``.
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.errors import ContractError
from contracts.extracts.credential import Credential
from contracts.extracts.enrollment import Enrollment
from contracts.extracts.placement import Placement
from contracts.extracts.wage import Wage
from contracts.model import Contract
from contracts.registers.contribution import Contribution
from contracts.registers.credential_definition import CredentialDefinition
from contracts.registers.disbursement import Disbursement
from contracts.registers.firm import Firm
from contracts.registers.program import Program

__all__ = ["CONTRACTS", "contract"]

_IN_ORDER: tuple[type[Contract], ...] = (
    *(Firm, Program, CredentialDefinition, Contribution, Disbursement),
    *(Enrollment, Credential, Placement, Wage),
)

CONTRACTS: Mapping[str, type[Contract]] = {one.meta.name: one for one in _IN_ORDER}
"""Every contract by name; each stands behind those it looks up."""


def contract(name: str) -> type[Contract]:
    """A contract by its name; ContractError CTR-006 when there is none."""
    if name not in CONTRACTS:
        raise ContractError(
            "CTR-006",
            found=f"the name {name!r}",
            expected="one of " + ", ".join(CONTRACTS),
            where="the list of contracts",
            remedy="Use one of these names; a file is named <contract>_<period>.csv.",
        )
    return CONTRACTS[name]
