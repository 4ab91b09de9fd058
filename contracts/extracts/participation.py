"""A period of participation: program, entry, training, exit and measurable skill gains.

Who the person is belongs to ``participant``; supports, funding and the rules to ``enrollment``.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from contracts.extracts.columns import CIP, KeyEpoch, LearnerKey, flag
from contracts.fields import BoxFirm, Code, Identifier, IsoDate, MultiDigit, OneOf, Privacy, Ref
from contracts.gates import Gate
from contracts.model import Contract


def _day(description: str, source: str) -> IsoDate:
    return IsoDate(description=description, source=source)


def _gain(kind: str, source: str) -> IsoDate:
    return _day(f"Latest measurable skill gain documented by {kind}.", source)


class Participation(Contract):
    """One person's period of participation in one program."""

    firm_id: Annotated[
        str | None,
        BoxFirm(description="Sponsor or employer at entry, the firm of the box; blank if not yet employed."),
    ] = None
    learner_key: LearnerKey
    key_epoch: KeyEpoch
    program_id: Annotated[
        str,
        Ref("program", key="program_id", description="Program entered.", privacy=Privacy.PUBLIC),
    ]
    cohort_id: Annotated[
        str | None, Identifier(description="Cohort the person was taken into.", privacy=Privacy.FIRM)
    ] = None
    entry_date: Annotated[date, _day("Day of entry into the program.", "PIRL 900")]
    training_start_date: Annotated[date | None, _day("Day the training began.", "PIRL 1302")] = None
    exit_date: Annotated[
        date | None, _day("Day of the last service; blank while the person takes part.", "PIRL 901")
    ] = None
    other_reason_for_exit: Annotated[
        str | None,
        OneOf(
            {
                "00": "none of the reasons below",
                "01": "institutionalized",
                "02": "health or medical",
                "03": "deceased",
                "04": "reserve forces called to active duty",
                "05": "foster care",
                "06": "ineligible",
                "07": "criminal offender",
            },
            description="Reason that takes an exit out of the performance indicators.",
            source="PIRL 923",
            privacy=Privacy.SENSITIVE,
        ),
    ] = None
    training_type: Annotated[
        str | None,
        OneOf(
            {
                "00": "no training",
                "01": "on-the-job training",
                "02": "skill upgrading",
                "03": "entrepreneurial training",
                "04": "adult basic education or English, with training",
                "05": "customized training",
                "06": "occupational skills training",
                "07": "adult basic education or English, without training",
                "08": "prerequisite training",
                "09": "registered apprenticeship",
                "10": "youth occupational skills training",
                "11": "other training, not occupational skills",
                "12": "job readiness with other training",
            },
            description="Kind of training.",
            source="PIRL 1303",
        ),
    ] = None
    program_of_study_outcome: Annotated[
        str | None,
        MultiDigit(
            {
                "1": "certificate or certification",
                "2": "completion of a registered apprenticeship",
                "3": "license",
                "4": "associate degree",
                "5": "bachelor's degree",
                "6": "community-college certificate",
                "7": "secondary diploma or equivalent",
                "8": "employment",
                "9": "measurable skill gain",
            },
            description="What the program of study leads to; several digits may be given.",
            source="PIRL 1304",
            privacy=Privacy.PUBLIC,
        ),
    ] = None
    cip_code: Annotated[
        str | None,
        Code(
            "cip_2020",
            description="Instructional program (CIP 2020), with its point, which PIRL leaves out.",
            source="PIRL 1305",
            shape=CIP,
            like="48.0508",
            hint="Write NN.NNNN as text; a spreadsheet makes 1.0101 of 01.0101.",
        ),
    ] = None
    onet_soc_code: Annotated[
        str | None,
        Code(
            "soc_2018",
            description="Occupation trained for: a detailed SOC 2018 occupation with its O*NET suffix.",
            source="PIRL 1306",
            shape=Gate(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}"),
            like="49-9041.00",
            leading=7,
        ),
    ] = None
    training_completed: Annotated[
        int | None, flag("Completed (1) or withdrew (0); blank while in progress.", "PIRL 1307")
    ] = None
    training_end_date: Annotated[
        date | None, _day("Day the training was completed or left.", "PIRL 1308")
    ] = None
    enrolled_in_credential_program_date: Annotated[
        date | None,
        _day(
            "Day of enrollment in education or training that leads to a recognized credential or employment.",
            "PIRL 1811",
        ),
    ] = None
    msg_efl_date: Annotated[date | None, _gain("an educational functioning level", "PIRL 1806")] = None
    msg_ps_transcript_date: Annotated[date | None, _gain("a postsecondary transcript", "PIRL 1807")] = None
    msg_sec_transcript_date: Annotated[date | None, _gain("a secondary transcript", "PIRL 1808")] = None
    msg_milestone_date: Annotated[date | None, _gain("a training milestone", "PIRL 1809")] = None
    msg_skills_progression_date: Annotated[date | None, _gain("skills progression", "PIRL 1810")] = None
