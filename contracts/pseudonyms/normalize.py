"""Writing identifiers alike, so that two firms that know the same person make the same key.

The rules are part of the key: changing one changes every key, so each is pinned by golden vectors in
``tests/contracts/pseudonym_vectors.csv``. Making keys belongs in ``tokens``.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from types import MappingProxyType

from contracts.pseudonyms.refusals import Refusal, UnusableIdentifierError

SEPARATORS = MappingProxyType(
    dict.fromkeys(map(ord, " \t\xa0\u2007\u2009\u202f-\u2010\u2011\u2012\u2013\u2014\u2212"))
)
"""Blanks and dashes of every width, as ``str.translate`` drops them."""

_SSN_DIGITS = 9
_ADVERTISED = frozenset({"078051120", "219099999"})
_SUFFIXES = frozenset({"JR", "SR", "II", "III", "IV"})
_APOSTROPHES = str.maketrans("", "", "'`\u00b4\u2018\u2019\u02bc")
_NOT_IN_WORDS = re.compile(r"[\W_]+")
_NOT_A_TO_Z = re.compile("[^A-Z]+")
_DAY = re.compile(r"\A([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})\Z")
_ZIP = re.compile(r"\A(?!000)([0-9]{3})[0-9]{2}(?:-?[0-9]{4})?\Z")
_PLACEHOLDER = date(1900, 1, 1)
FIRST_LETTERS = 3
"""How much of a first name enters a key: enough to part siblings, little enough for Liz and Lizzie."""


def normalize_ssn(text: str) -> str:
    """The nine digits of a social security number.

    Dashes and blanks are dropped, wherever they stand. Refused: other characters and non-ASCII digits
    (SEA-101), not nine digits (102), area 000, 666 or 900-999 (103), group 00 (104), serial 0000 (105), the
    advertised 078-05-1120 and 219-09-9999 (106), one digit nine times (107).
    Source: Social Security Administration, randomization of 2011 (what is never issued).
    """
    digits = text.translate(SEPARATORS)
    if len(digits) == _SSN_DIGITS and digits.isascii() and digits.isdigit():
        refusal = _refuse_ssn(digits)
    else:
        ascii_digits = digits.isascii() and digits.isdigit()
        refusal = Refusal.SSN_LENGTH if ascii_digits else Refusal.SSN_CHARACTERS
    if refusal is not None:
        raise UnusableIdentifierError(refusal)
    return digits


def _refuse_ssn(digits: str) -> Refusal | None:
    if digits.count(digits[0]) == _SSN_DIGITS:
        return Refusal.SSN_REPEATED
    if digits[0] == "9" or digits.startswith(("000", "666")):
        return Refusal.SSN_AREA
    if digits[3:5] == "00":
        return Refusal.SSN_GROUP
    if digits.endswith("0000"):
        return Refusal.SSN_SERIAL
    return Refusal.SSN_ADVERTISED if digits in _ADVERTISED else None


def normalize_name(text: str) -> str:
    """A name as letters A to Z.

    In this order: apostrophes are dropped; compatibility decomposition (NFKD) and removal of combining marks
    (É becomes E, ﬁ becomes FI); upper case, by way of lower case (ß and ẞ become SS); split into words at
    everything that is neither letter nor digit; words at the end that are JR, SR, II, III or IV are dropped
    as long as a word remains; of the rest only A to Z stays, joined. Letters that do not decompose (Ø, Ł, Æ,
    Cyrillic, Han) fall away. Refused: a name of which nothing is left (SEA-121).
    """
    words = _words(text)
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    if not words:
        raise UnusableIdentifierError(Refusal.NAME_LETTERS)
    return "".join(words)


def _words(text: str) -> list[str]:
    # Most names are plain: for these the decomposition would change nothing.
    plain = text if text.isascii() else _without_marks(text)
    words = _NOT_IN_WORDS.split(plain.translate(_APOSTROPHES).lower().upper())
    return [letters for word in words if (letters := _NOT_A_TO_Z.sub("", word))]


def _without_marks(text: str) -> str:
    # Decomposed again after the change of case: İ and ŉ come apart only then.
    decomposed = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).lower()
    )
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def normalize_birth_date(text: str) -> date:
    """A date of birth, written YYYY-MM-DD or YYYYMMDD, blanks around it allowed.

    Refused: any other way of writing (SEA-111), a day on no calendar (112), 1900-01-01 or earlier (113).
    It enters a key as YYYY-MM-DD.
    """
    shape = _DAY.match(text.strip())
    if shape is None:
        raise UnusableIdentifierError(Refusal.DOB_SHAPE)
    day = _calendar_day(int(shape[1]), int(shape[3]), int(shape[4]))
    if day is None:
        raise UnusableIdentifierError(Refusal.DOB_NO_SUCH_DAY)
    if day <= _PLACEHOLDER:
        raise UnusableIdentifierError(Refusal.DOB_PLACEHOLDER)
    return day


def read_day(text: str) -> date | None:
    """A day written YYYY-MM-DD or YYYYMMDD; None for anything else."""
    shape = _DAY.match(text.strip())
    return None if shape is None else _calendar_day(int(shape[1]), int(shape[3]), int(shape[4]))


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def normalize_zip3(text: str) -> str:
    """The first three digits of a ZIP code of five or nine digits (SEA-131 for anything else).

    Three digits alone are refused: 501 may be the area 501 or what a spreadsheet left of 00501.
    """
    shape = _ZIP.match(text.strip())
    if shape is None:
        raise UnusableIdentifierError(Refusal.ZIP_SHAPE)
    return shape[1]


def age_in_years(born: date, on: date) -> int:
    """Completed years of age on a day; someone born on 29 February is a year older from 1 March.

    Refused: a birth after that day (SEA-114).
    """
    if born > on:
        raise UnusableIdentifierError(Refusal.DOB_AFTER_ENTRY)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
