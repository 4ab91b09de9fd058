"""Assessments of learners' skills: level reached, by which method, rated by whom, where.

Gains, gaps and the agreement of raters are computed in dbt; nobody is ranked.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.extracts.columns import KeyEpoch, LearnerKey, occupation
from contracts.fields import Identifier, OneOf, Privacy, Quantity
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import competency, day, program
from contracts.registers.own_rows import enrolled_at_own_firm
from contracts.registers.row_rules import given_where
from contracts.rules import Rule


def _level(description: str, privacy: Privacy) -> Quantity:
    return Quantity(
        description=description,
        source="O*NET level scale",
        digits=4,
        scale=2,
        most="7",
        privacy=privacy,
    )


class SkillAssessment(Contract):
    """One person's level in one competency on one day, as one rater saw it."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="skill_assessment",
        version="1.0.0",
        prefix="SKA",
        title="Skill assessments",
        description="Levels of 0 to 7 by learner and competency. Two raters of one performance are two rows.",
        grain="learner_key × competency_id × assessed_on × rater_id",
        key=("learner_key", "competency_id", "assessed_on", "rater_id"),
        dropped_by=Party.FIRM,
        cadence=Cadence.EVENTS,
    )

    learner_key: LearnerKey
    key_epoch: KeyEpoch
    competency_id: Annotated[str, competency("Competency assessed.")]
    assessed_on: Annotated[date, day("Day of the assessment.", privacy=Privacy.PERSON)]
    occasion: Annotated[
        str,
        OneOf(
            {
                "PRE": "before training",
                "POST": "at the end of training",
                "FOLLOW_UP": "on the job, later",
                "INVENTORY": "outside training, to map skills",
            },
            description="When in the course of things.",
        ),
    ]
    program_id: Annotated[str | None, program("Program it belongs to.")] = None
    level: Annotated[Decimal, _level("Level reached, 0 to 7.", Privacy.SENSITIVE)]
    cut_level: Annotated[
        Decimal | None, _level("Level needed to pass, on the same scale.", Privacy.PUBLIC)
    ] = None
    method: Annotated[
        str,
        OneOf(
            {
                "PERFORMANCE": "work observed",
                "SIMULATION": "work in a simulator",
                "SUPERVISED_PROJECT": "a project under supervision",
                "WRITTEN": "a written test",
                "PORTFOLIO": "work shown",
                "RATING": "a rating without a test",
            },
            description="How it was assessed.",
        ),
    ]
    rater_role: Annotated[
        str,
        OneOf(
            {
                "SUPERVISOR": "supervisor",
                "INSTRUCTOR": "instructor",
                "ASSESSOR": "assessor from outside",
                "PEER": "colleague",
                "SELF": "the person",
            },
            description="Who rated.",
        ),
    ]
    rater_id: Annotated[
        str | None,
        Identifier(
            description="Rater, opaque: never a name or a number of personnel.", privacy=Privacy.PSEUDONYM
        ),
    ] = None
    site_id: Annotated[
        str | None, Identifier(description="Where it was assessed, opaque.", privacy=Privacy.FIRM)
    ] = None
    soc_code: Annotated[
        str | None, occupation("Occupation the person works in or trains for.", "SOC 2018")
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        given_where(
            "SKA-201",
            "occasion",
            ("PRE", "POST"),
            ("program_id",),
            why="A gain pairs the assessments before and after one program.",
        ),
        given_where(
            "SKA-202",
            "rater_role",
            ("SUPERVISOR", "INSTRUCTOR", "ASSESSOR", "PEER"),
            ("rater_id",),
            why="The agreement of two raters needs to know that they are two.",
        ),
        enrolled_at_own_firm("SKA-401", why="A gain counts for a program the person took part in."),
    )
