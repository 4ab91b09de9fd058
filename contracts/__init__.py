"""The promise: what a firm may send and what a word means.

Pydantic models and Ibis expressions only. Reading files, running programs and keeping rows belong to
``warehouse``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from contracts.errors import ContractError
from contracts.extracts.credential import Credential
from contracts.extracts.enrollment import Enrollment
from contracts.extracts.placement import Placement
from contracts.extracts.wage import Wage
from contracts.model import Contract
from contracts.registers.action_item import ActionItem
from contracts.registers.alert import Alert
from contracts.registers.audit_finding import AuditFinding
from contracts.registers.cohort import Cohort
from contracts.registers.comparison_wage import ComparisonWage
from contracts.registers.competency import Competency
from contracts.registers.contribution import Contribution
from contracts.registers.credential_component import CredentialComponent
from contracts.registers.credential_definition import CredentialDefinition
from contracts.registers.credential_recognition import CredentialRecognition
from contracts.registers.decision_log import DecisionLog
from contracts.registers.demand_requisition import DemandRequisition
from contracts.registers.disbursement import Disbursement
from contracts.registers.establishment import Establishment
from contracts.registers.firm import Firm
from contracts.registers.firm_performance import FirmPerformance
from contracts.registers.firm_succession import FirmSuccession
from contracts.registers.funding_rule import FundingRule
from contracts.registers.funding_tier import FundingTier
from contracts.registers.governance_body import GovernanceBody
from contracts.registers.hiring_intent import HiringIntent
from contracts.registers.incentive_award import IncentiveAward
from contracts.registers.member_role import MemberRole
from contracts.registers.membership_agreement import MembershipAgreement
from contracts.registers.mentoring_pair import MentoringPair
from contracts.registers.occupation_reference import OccupationReference
from contracts.registers.performance_term import PerformanceTerm
from contracts.registers.program import Program
from contracts.registers.program_competency import ProgramCompetency
from contracts.registers.skill_assessment import SkillAssessment
from contracts.registers.spot_check import SpotCheck
from contracts.registers.support_service import SupportService
from contracts.registers.survey_response import SurveyResponse
from contracts.registers.transfer import Transfer
from contracts.registers.ui_match import UiMatch
from contracts.registers.unemployment_reference import UnemploymentReference

__all__ = ["CONTRACTS", "contract"]

_IN_ORDER: tuple[type[Contract], ...] = (
    *(Firm, FirmSuccession, MembershipAgreement, GovernanceBody, MemberRole, DecisionLog),
    *(Program, CredentialDefinition, Competency, ProgramCompetency, CredentialComponent, Cohort),
    *(FundingRule, FundingTier, PerformanceTerm, Contribution, Disbursement, Transfer),
    *(OccupationReference, UnemploymentReference, Alert, ActionItem, SpotCheck, AuditFinding, SurveyResponse),
    *(Establishment, CredentialRecognition, DemandRequisition, HiringIntent, FirmPerformance),
    *(Enrollment, Credential, Placement, Wage, ComparisonWage),
    *(SkillAssessment, IncentiveAward, MentoringPair, SupportService, UiMatch),
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
            remedy=f"{_nearest(name)}Use one of these names; a file is named <contract>_<period>.csv.",
        )
    return CONTRACTS[name]


def _nearest(name: str) -> str:
    near = difflib.get_close_matches(name.lower(), CONTRACTS, n=1)
    return f"The nearest is {near[0]}. " if near else ""
