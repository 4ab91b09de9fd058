"""Answers to surveys of learners, supervisors and others, one question at a time, as numbers on a scale.

Free text is not collected: it names people. Answers go to the operator, never through the employer's box.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

from contracts.fields import HexKey, Identifier, OneOf, Privacy, Quantity, Ref, WholeNumber
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.registers.columns import day, opaque, program
from contracts.registers.row_rules import given_together, not_above
from contracts.rules import RowRule, Rule


def _on_scale(description: str, privacy: Privacy) -> Quantity:
    return Quantity(description=description, least="-999", most="999", privacy=privacy)


class SurveyResponse(Contract):
    """One respondent's answer to one question of one wave."""

    meta: ClassVar[ContractMeta] = ContractMeta(
        name="survey_response",
        version="1.0.0",
        prefix="SVY",
        title="Survey answers",
        description="Answers by instrument, wave and question; whoever did not answer is a row too.",
        grain="instrument_id × wave × response_id × question_id",
        key=("instrument_id", "wave", "response_id", "question_id"),
        dropped_by=Party.OPERATOR,
        cadence=Cadence.EVENTS,
    )

    instrument_id: Annotated[str, opaque("Questionnaire, with its version.", Privacy.PUBLIC)]
    wave: Annotated[int, WholeNumber(description="Wave, 1 first.", privacy=Privacy.PUBLIC, least=1, most=99)]
    response_id: Annotated[
        str, Identifier(description="Questionnaire handed out, opaque.", privacy=Privacy.PSEUDONYM)
    ]
    question_id: Annotated[str, opaque("Question.", Privacy.PUBLIC)]
    respondent_role: Annotated[
        str,
        OneOf(
            {
                "LEARNER": "learner",
                "SUPERVISOR": "the learner's supervisor",
                "MENTOR": "mentor",
                "INSTRUCTOR": "instructor",
                "EMPLOYER": "for a member firm",
            },
            description="In which role the respondent answers.",
            privacy=Privacy.PERSON,
        ),
    ]
    kirkpatrick_level: Annotated[
        str,
        OneOf(
            {"L1": "reaction", "L2": "learning", "L3": "behavior on the job"},
            description="What the question is about.",
            source="Kirkpatrick levels",
            privacy=Privacy.PUBLIC,
        ),
    ]
    learner_key: Annotated[
        str | None,
        HexKey(description="Learner the answer is about; blank where the survey is anonymous."),
    ] = None
    key_epoch: Annotated[
        int | None,
        WholeNumber(
            description="Generation of the key the pseudonym was made with.",
            privacy=Privacy.PUBLIC,
            least=0,
            most=9999,
        ),
    ] = None
    program_id: Annotated[str | None, program("Program the answer is about.")] = None
    cohort_id: Annotated[
        str | None,
        Ref("cohort", key="cohort_id", description="Cohort the answer is about.", privacy=Privacy.PUBLIC),
    ] = None
    asked_on: Annotated[date, day("Day the questionnaire was handed out.", privacy=Privacy.PERSON)]
    value: Annotated[
        Decimal | None, _on_scale("Answer, as a number on its scale; blank: no answer.", Privacy.PERSON)
    ] = None
    scale_least: Annotated[Decimal, _on_scale("Lowest answer of the scale.", Privacy.PUBLIC)]
    scale_most: Annotated[Decimal, _on_scale("Highest answer of the scale.", Privacy.PUBLIC)]
    no_answer_reason: Annotated[
        str | None,
        OneOf(
            {
                "NOT_RETURNED": "the questionnaire did not come back",
                "DECLINED": "declined to answer",
                "NOT_APPLICABLE": "does not apply",
            },
            description="Why there is no answer.",
            privacy=Privacy.PERSON,
        ),
    ] = None

    rules: ClassVar[tuple[Rule, ...]] = (
        not_above("SVY-201", "scale_least", "value", why="An answer below its scale is on another scale."),
        not_above("SVY-202", "value", "scale_most", why="An answer above its scale is on another scale."),
        not_above("SVY-203", "scale_least", "scale_most", why="A scale runs from its lowest to its highest."),
        RowRule(
            code="SVY-204",
            reads=("value", "no_answer_reason"),
            ok=lambda row: row.value.isnull() == row.no_answer_reason.notnull(),
            message="there must be either a value or a no_answer_reason",
            hint="Give the answer, or say why there is none.",
            rationale="The response rate counts who was asked and did not answer.",
        ),
        given_together(
            "SVY-205", "learner_key", "key_epoch", why="A pseudonym is linked within its generation of key."
        ),
    )
