"""Why an identifier cannot be sealed: one coded reason each, with what to do; never the identifier itself.

The checks that find these reasons belong in ``normalize`` and ``tokens``.
"""

from __future__ import annotations

from enum import Enum

from contracts.errors import GuildhallError


class SealError(GuildhallError):
    """A file cannot be sealed as asked: a key, the header, an option or what is left in it (SEA-0xx)."""


class Refusal(Enum):
    """A reason (SEA-1xx) why one row cannot be sealed."""

    SSN_CHARACTERS = (
        "SEA-101",
        "the social security number holds something other than digits, dashes and blanks",
        "write nine digits, with or without dashes",
    )
    SSN_LENGTH = (
        "SEA-102",
        "the social security number does not have nine digits",
        "look for leading zeros lost in a spreadsheet: the column must be text, not a number",
    )
    SSN_AREA = (
        "SEA-103",
        "the social security number begins with 000, 666 or 9, which no such number does",
        "numbers that begin with 9 are tax identifiers (ITIN): leave the cell blank for these people",
    )
    SSN_GROUP = (
        "SEA-104",
        "the middle digits of the social security number are 00",
        "look the number up again; leave the cell blank if it is not known",
    )
    SSN_SERIAL = (
        "SEA-105",
        "the last four digits of the social security number are 0000",
        "look the number up again; a masked number must be left blank",
    )
    SSN_ADVERTISED = (
        "SEA-106",
        "the social security number is one of those once printed as an example",
        "leave the cell blank if the number is not known",
    )
    SSN_REPEATED = (
        "SEA-107",
        "the social security number is one digit nine times",
        "leave the cell blank if the number is not known",
    )
    DOB_SHAPE = (
        "SEA-111",
        "the date of birth is not written YYYY-MM-DD or YYYYMMDD",
        "export the date in ISO form; 02/03/1990 is two different days to two different readers",
    )
    DOB_NO_SUCH_DAY = (
        "SEA-112",
        "the date of birth is on no calendar",
        "look for a day or month that cannot be, such as 1990-02-30",
    )
    DOB_PLACEHOLDER = (
        "SEA-113",
        "the date of birth is 1900-01-01 or earlier, which stands for an unknown day",
        "leave the cell blank if the day is not known",
    )
    DOB_AFTER_ENTRY = (
        "SEA-114",
        "the date of birth is after the entry date",
        "check both dates; they may be swapped",
    )
    NAME_LETTERS = (
        "SEA-121",
        "a name holds no letter that can be written A to Z",
        "give the name in Latin letters, or the social security number",
    )
    ZIP_SHAPE = (
        "SEA-131",
        "the ZIP code does not have five or nine digits, or begins with 000",
        "look for leading zeros lost in a spreadsheet: the column must be text, not a number",
    )
    TOO_LITTLE = (
        "SEA-141",
        "too few identifiers are filled in to make a key",
        "fill in the social security number; or last name, first name and date of birth; "
        "or last name, date of birth and ZIP code",
    )
    RAGGED = (
        "SEA-161",
        "the record has more or fewer fields than the header",
        "look for a comma inside a field that is not in quotation marks",
    )

    def __init__(self, code: str, message: str, hint: str) -> None:
        self.code = code
        self.message = message
        self.hint = hint


class UnusableIdentifierError(ValueError):
    """One row's identifiers cannot be sealed. Holds the reason and nothing of what the cells held."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(f"{refusal.code}: {refusal.message}")
