"""Who a participant is at entry: the columns of an enrollment that describe the person, not the training.

They are collected for equity figures and eligibility, are all optional, and are never published below the
floors of the disclosure policy. The period of participation itself belongs to ``enrollment``.
"""

from __future__ import annotations

from typing import Annotated

from contracts.extracts.columns import BOARD, YES_NO_UNDISCLOSED, county, flag
from contracts.extracts.participation import Participation
from contracts.fields import Code, OneOf, Privacy, WholeNumber


def _said(description: str, source: str) -> OneOf:
    """A trait the person may decline to state; 9 is a value, not a blank."""
    return OneOf(YES_NO_UNDISCLOSED, description=description, source=source, privacy=Privacy.SENSITIVE)


def _prior_wages(quarter: str, source: str) -> WholeNumber:
    return WholeNumber(
        description=f"Wages in the {quarter} quarter before entry, in whole US dollars; blank is not zero.",
        source=source,
        privacy=Privacy.SENSITIVE,
        least=0,
        most=999_999,
    )


class Participant(Participation):
    """The person at entry, as the participant record layout describes people."""

    sex: Annotated[
        str | None,
        OneOf(
            {"1": "male", "2": "female", "3": "other (since 2024)", "9": "did not say"},
            description="Sex.",
            source="PIRL 201",
            privacy=Privacy.SENSITIVE,
        ),
    ] = None
    hispanic: Annotated[str | None, _said("Hispanic or Latino ethnicity.", "PIRL 210")] = None
    race_aian: Annotated[str | None, _said("American Indian or Alaska Native.", "PIRL 211")] = None
    race_asian: Annotated[str | None, _said("Asian.", "PIRL 212")] = None
    race_black: Annotated[str | None, _said("Black or African American.", "PIRL 213")] = None
    race_nhpi: Annotated[str | None, _said("Native Hawaiian or other Pacific Islander.", "PIRL 214")] = None
    race_white: Annotated[str | None, _said("White.", "PIRL 215")] = None
    race_mena: Annotated[
        str | None, _said("Middle Eastern or North African, asked since 2024.", "ETA-9173 (2024)")
    ] = None
    age_at_entry: Annotated[
        int | None,
        WholeNumber(
            description="Age in completed years on the day of entry; a date of birth is never sent.",
            source="PIRL CALC4039",
            privacy=Privacy.SENSITIVE,
            least=14,
            most=99,
        ),
    ] = None
    disability: Annotated[str | None, _said("Has a disability.", "PIRL 202")] = None
    education_level: Annotated[
        str | None,
        OneOf(
            {
                "0": "none of the levels below",
                "1": "secondary school diploma",
                "2": "secondary school equivalency",
                "3": "certificate of attendance under an individualized education program",
                "4": "one or more years of postsecondary education",
                "5": "postsecondary technical or vocational certificate",
                "6": "associate degree",
                "7": "bachelor's degree",
                "8": "degree beyond the bachelor's",
            },
            description="Highest level of education completed at entry.",
            source="PIRL 408",
        ),
    ] = None
    employment_status_entry: Annotated[
        str | None,
        OneOf(
            {
                "0": "unemployed",
                "1": "employed",
                "2": "employed, with notice of termination",
                "3": "not in the labor force",
            },
            description="Employment at entry.",
            source="PIRL 400",
        ),
    ] = None
    incumbent_worker: Annotated[
        int | None,
        flag("Worked for the firm already (1), or entered through the program (0).", "PIRL 907, collapsed"),
    ] = None
    long_term_unemployed: Annotated[
        str | None, _said("Unemployed for 27 weeks or more in a row.", "PIRL 402")
    ] = None
    homeless: Annotated[str | None, _said("Homeless, or a runaway youth.", "PIRL 800")] = None
    ex_offender: Annotated[str | None, _said("Has been through the justice system.", "PIRL 801")] = None
    low_income: Annotated[str | None, _said("Low income.", "PIRL 802")] = None
    ell: Annotated[str | None, _said("English-language learner.", "PIRL 803")] = None
    basic_skills_deficient: Annotated[
        str | None, _said("Basic skills deficient, or low literacy.", "PIRL 804")
    ] = None
    cultural_barriers: Annotated[str | None, _said("Meets cultural barriers to work.", "PIRL 805")] = None
    single_parent: Annotated[str | None, _said("Single parent.", "PIRL 806")] = None
    msfw: Annotated[
        str | None,
        OneOf(
            {
                "0": "no",
                "1": "seasonal farmworker, adult",
                "2": "migrant farmworker, adult",
                "3": "farmworker youth",
                "4": "dependent adult",
                "5": "dependent youth",
            },
            description="Migrant and seasonal farmworker status.",
            source="PIRL 808",
            privacy=Privacy.SENSITIVE,
        ),
    ] = None
    residence_county_fips: Annotated[
        str | None,
        county(
            "County of residence at entry; left blank, with lwdb_code given, below 50 residents.",
            "PIRL 102",
        ),
    ] = None
    lwdb_code: Annotated[
        str | None,
        Code(
            None,
            description="Local workforce board, by the five digits that ETA assigns (not an LEHD area code).",
            source="PIRL 108-A",
            shape=BOARD,
            like="06045",
        ),
    ] = None
    wages_q3_prior: Annotated[int | None, _prior_wages("third", "PIRL 1700")] = None
    wages_q2_prior: Annotated[int | None, _prior_wages("second", "PIRL 1701")] = None
    wages_q1_prior: Annotated[int | None, _prior_wages("first", "PIRL 1702")] = None
