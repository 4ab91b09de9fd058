"""Columns that several extracts share, word for word.

A column that only one contract has is declared there.
"""

from __future__ import annotations

from typing import Annotated

from contracts.fields import BoxFirm, Code, Flag, HexKey, Identifier, Privacy, WholeNumber
from contracts.gates import Gate

LearnerKey = Annotated[
    str,
    HexKey(
        description="Pseudonym of the person, computed at the firm from identifiers that never leave it.",
        source="analogue of PIRL 100",
        hint="Make the key again: it is 64 lower-case hexadecimal digits, with no blanks around it.",
    ),
]
KeyEpoch = Annotated[
    int,
    WholeNumber(
        description="Generation of the key the pseudonym was made with; it grows when the key is rotated.",
        privacy=Privacy.PUBLIC,
        least=0,
        most=9999,
    ),
]
EmployingFirm = Annotated[
    str, BoxFirm(description="The employer: the firm whose box the file comes from, and no other.")
]
ProgramId = Identifier(
    description="Program of study, as the program register names it.", privacy=Privacy.PUBLIC
)

COUNTY = Gate("[0-9]{5}")
SOC = Gate("[0-9]{2}-[0-9]{4}")
NAICS = Gate("[0-9]{6}")
CIP = Gate(r"[0-9]{2}\.[0-9]{4}")
BOARD = Gate("[0-9]{5}")
CTID = Gate("ce-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CTDL_TYPE = Gate("(?:ceterms:)?[A-Z][A-Za-z]{1,59}")

WORKER_TYPES = {"FT": "full time", "PT": "part time", "SEASONAL": "seasonal", "TEMP": "temporary"}
YES_NO_UNDISCLOSED = {"1": "yes", "0": "no", "9": "did not say"}


def occupation(description: str, source: str = "") -> Code:
    """A detailed occupation of SOC 2018."""
    hint = "Use the six-digit detailed occupation; broad, minor and major groups are not taken."
    return Code("soc_2018", description=description, source=source, shape=SOC, like="49-9041", hint=hint)


def county(description: str, source: str = "") -> Code:
    """A county by its five-digit FIPS code."""
    return Code(
        "county_fips",
        description=description,
        source=source,
        shape=COUNTY,
        like="06037",
        privacy=Privacy.PERSON,
        hint="State and county are five digits; a spreadsheet drops the leading zero unless told text.",
    )


def flag(description: str, source: str = "", privacy: Privacy = Privacy.PERSON) -> Flag:
    """Yes or no about the row."""
    return Flag(description=description, source=source, privacy=privacy)
