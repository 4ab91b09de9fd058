"""The competency register: what can be learned and assessed, in whose framework, mastered when.

Which program teaches what is in ``program_competency``; who reached which level in ``skill_assessment``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from contracts.fields import Code, Identifier, OneOf, Privacy, Text, WholeNumber
from contracts.gates import Gate
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.program import registry_id
from contracts.registers.row_rules import given_only_where
from contracts.registers.validity import first_day, last_day, valid_in_order
from contracts.rules import Rule


def level(description: str) -> WholeNumber:
    """A level on O*NET's scale."""
    return WholeNumber(
        description=description, source="O*NET level scale", privacy=Privacy.PUBLIC, least=0, most=7
    )


class Competency(Contract):
    """One competency, over a time in which nothing about it changed."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="competency",
        version="1.0.0",
        prefix="CMP",
        title="Competencies",
        description="Competencies by framework, with what counts as mastery; effective-dated.",
        grain="competency_id × valid_from",
        key=("competency_id", "valid_from"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.STATE,
    )

    competency_id: Annotated[str, Identifier(description="Competency.", privacy=Privacy.PUBLIC)]
    ctid: Annotated[str | None, registry_id()] = None
    name: Annotated[str, Text(description="Name of the competency.", privacy=Privacy.PUBLIC, most=200)]
    framework: Annotated[
        str,
        OneOf(
            {
                "ONET": "O*NET content model",
                "CTDL_ASN": "a competency framework in CTDL-ASN",
                "CASS": "a framework of the Competency and Skills System",
                "LOCAL": "the consortium's own",
            },
            description="Framework it belongs to.",
            privacy=Privacy.PUBLIC,
        ),
    ]
    onet_element_id: Annotated[
        str | None,
        Code(
            None,
            description="Element of the O*NET content model.",
            source="O*NET element ID",
            shape=Gate("[1-6](?:[.][A-Za-z0-9]{1,2}){1,6}"),
            like="2.A.1.a",
        ),
    ] = None
    category: Annotated[
        str,
        OneOf(
            {
                "SKILL": "skill",
                "KNOWLEDGE": "knowledge",
                "ABILITY": "ability",
                "ACTIVITY": "work activity",
                "TOOL": "tool or technology",
            },
            description="Kind of competency.",
            source="O*NET content model",
            privacy=Privacy.PUBLIC,
        ),
    ]
    mastery_level: Annotated[int | None, level("Level from which it counts as mastered.")] = None
    mastery_criterion: Annotated[
        str | None,
        Text(description="What a learner shows at that level.", privacy=Privacy.PUBLIC, most=500),
    ] = None
    valid_from: Annotated[date | None, first_day()] = None
    valid_to: Annotated[date | None, last_day()] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        valid_in_order("CMP-201", "valid_from", "valid_to"),
        given_only_where(
            "CMP-202",
            "framework",
            ("ONET",),
            ("onet_element_id",),
            why="Required levels of occupations are looked up by the element.",
        ),
    )
