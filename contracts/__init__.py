"""The promise: what a firm may send and what a word means.

Pydantic models and Ibis expressions only. Reading files, running programs and keeping rows belong to
``warehouse``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from contracts.errors import ContractError

if TYPE_CHECKING:
    from contracts.model import Contract

__all__ = ["CONTRACTS", "contract"]

_IN_ORDER = (
    "registers.firm",
    "registers.firm_succession",
    "registers.membership_agreement",
    "registers.governance_body",
    "registers.member_role",
    "registers.decision_log",
    "registers.program",
    "registers.credential_definition",
    "registers.competency",
    "registers.program_competency",
    "registers.credential_component",
    "registers.cohort",
    "registers.funding_rule",
    "registers.funding_tier",
    "registers.performance_term",
    "registers.contribution",
    "registers.disbursement",
    "registers.transfer",
    "registers.occupation_reference",
    "registers.unemployment_reference",
    "registers.alert",
    "registers.action_item",
    "registers.spot_check",
    "registers.audit_finding",
    "registers.survey_response",
    "registers.establishment",
    "registers.credential_recognition",
    "registers.demand_requisition",
    "registers.hiring_intent",
    "registers.firm_performance",
    "extracts.enrollment",
    "extracts.credential",
    "extracts.placement",
    "extracts.wage",
    "registers.comparison_wage",
    "registers.skill_assessment",
    "registers.incentive_award",
    "registers.mentoring_pair",
    "registers.support_service",
    "registers.ui_match",
)
"""Where each contract lies: in the module of its name, the class of its name."""


class _Contracts(Mapping[str, "type[Contract]"]):
    """Every contract by name; one is loaded when it is asked for, with those it looks up."""

    def __init__(self, modules: tuple[str, ...]) -> None:
        self._modules = {module.rpartition(".")[2]: module for module in modules}

    def __getitem__(self, name: str) -> type[Contract]:
        module = import_module(f"{__name__}.{self._modules[name]}")
        found: type[Contract] = getattr(module, name.title().replace("_", ""))
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


CONTRACTS: Mapping[str, type[Contract]] = _Contracts(_IN_ORDER)
"""Every contract by name; each stands behind those it looks up."""


def contract(name: str) -> type[Contract]:
    """A contract by its name; ContractError CTR-006 when there is none."""
    if name not in CONTRACTS:
        raise ContractError(
            "CTR-006",
            found=f"the name {name!r}",
            expected="one of " + ", ".join(CONTRACTS),
            where="the list of contracts",
            remedy=f"{_nearest(name)}Use one of these names; a file is named <contract>_<period>.csv.",
        )
    return CONTRACTS[name]


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), CONTRACTS, n=1)
    return f"The nearest is {near[0]}. " if near else ""
