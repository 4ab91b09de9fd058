"""Direct identifiers of people in a file: found by the header, and by what a whole column holds.

Used wherever a file comes in or is about to go out: at the firm (``check``, ``seal``) and at intake. A
finding names a column by its position and never repeats a header or a value. What to do with a file that has
findings belongs to the callers; making keys of identifiers belongs in ``pseudonyms``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contracts.pseudonyms.normalize import normalize_ssn
from contracts.pseudonyms.refusals import UnusableIdentifierError

HEADER_CODE, CONTENT_CODE = "FIL-040", "FIL-041"


class IdentifierKind(StrEnum):
    """What a column seems to hold."""

    SSN = "social security numbers"
    NAME = "names of people"
    BIRTH = "dates of birth"
    ADDRESS = "street addresses"
    EMAIL = "email addresses"
    PHONE = "telephone numbers"
    DOCUMENT = "numbers of passports, licenses or accounts"


@dataclass(frozen=True)
class IdentifierFinding:
    """A column that looks like a direct identifier: its 1-based position, why, and what it seems to hold."""

    code: str
    position: int
    kind: IdentifierKind
    message: str
    hint: str


def direct_identifiers(
    header: Sequence[str],
    columns_sample: Sequence[Sequence[str]] = (),
    *,
    known: Collection[str] = (),
    keys: Collection[str] = (),
) -> list[IdentifierFinding]:
    """Every column that looks like a direct identifier of a person, at most one finding a column.

    ``header``: the names of the columns. ``columns_sample``: for every column, in the same order, cells as
    text (blank ones do not count); a few thousand are plenty. ``known``: names a contract has given a meaning
    (such as a program's ``name``); these are judged by content alone. ``keys``: those of them that hold keys
    of people, where nine digits need no further hint. FIL-040 by header, FIL-041 by content.
    """
    findings = []
    for index, name in enumerate(header):
        by_name = None if name in known else header_kind(name)
        cells = columns_sample[index] if index < len(columns_sample) else ()
        by_content = None if by_name else content_kind(cells, name, of_people=name in keys)
        if by_name is not None:
            findings.append(_finding(HEADER_CODE, index + 1, by_name))
        elif by_content is not None:
            findings.append(_finding(CONTENT_CODE, index + 1, by_content))
    return findings


def _finding(code: str, position: int, kind: IdentifierKind) -> IdentifierFinding:
    how = "is named like" if code == HEADER_CODE else "is filled like"
    hint = "remove the column, or seal the file: guildhall seal makes learner_key of it at the firm"
    return IdentifierFinding(code, position, kind, f"the column {how} one of {kind.value}", hint)


_WORDS: dict[IdentifierKind, frozenset[str]] = {
    IdentifierKind.SSN: frozenset({"ssn", "ssns", "sin", "itin"}),
    IdentifierKind.NAME: frozenset({"name", "names", "surname", "fname", "lname", "mname", "initials"}),
    IdentifierKind.BIRTH: frozenset({"dob", "birth", "birthday", "birthdate", "born"}),
    IdentifierKind.ADDRESS: frozenset({"street", "address", "addresses", "addr"}),
    IdentifierKind.EMAIL: frozenset({"email", "emails", "mail"}),
    IdentifierKind.PHONE: frozenset({"phone", "phones", "telephone", "tel", "mobile", "cellphone", "fax"}),
    IdentifierKind.DOCUMENT: frozenset({"passport", "iban"}),
}
_PARTS: dict[IdentifierKind, tuple[str, ...]] = {
    IdentifierKind.SSN: ("socialsecurity", "socsecn", "socialinsurance"),
    IdentifierKind.EMAIL: ("email",),
    IdentifierKind.ADDRESS: ("street", "homeaddr", "mailingaddr", "residenceaddr"),
    IdentifierKind.BIRTH: ("birth",),
    IdentifierKind.PHONE: ("phone", "mobilen"),
    IdentifierKind.NAME: (
        *(
            "surname",
            "firstname",
            "lastname",
            "middlename",
            "fullname",
            "givenname",
            "familyname",
            "maidenname",
        ),
        *("nickname", "forename", "preferredname", "empname", "employeename", "workername", "learnername"),
        *("studentname", "traineename", "participantname", "personname", "username"),
    ),
    IdentifierKind.DOCUMENT: (
        "driverlicense",
        "driverslicense",
        "bankaccount",
        "accountnumber",
        "routingnumber",
    ),
}
# What a "name" may be the name of without being a person's.
_NAMED_THINGS = frozenset(
    {"program", "provider", "employer", "company", "firm", "business", "organization", "issuer", "school"}
    | {"county", "area", "region", "state", "city", "file", "column", "field", "job", "position", "course"}
    | {"credential", "cohort", "site", "plant", "establishment", "department", "dept", "division", "unit"}
    | {"occupation", "industry", "sector", "metric", "class", "consortium", "competency", "instrument"}
)
_PERSON_WORDS = frozenset(
    {
        "first",
        "last",
        "middle",
        "given",
        "family",
        "maiden",
        "full",
        "contact",
        "employee",
        "worker",
        "learner",
    }
    | {"student", "trainee", "participant", "person", "supervisor", "manager", "mentor", "instructor"}
)
# Named by a contract: hashes of a firm's name, not of a person's.
_OF_FIRMS = frozenset({"legal_name_hash"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_TRAILING_DIGITS = re.compile(r"[0-9]+\Z")


def header_kind(name: str) -> IdentifierKind | None:
    """What a column's name says it holds, if that identifies a person; None otherwise.

    Names are read as words, however they are joined (``LastName``, ``last_name``, ``LAST NAME 1``), and words
    written together (``EMPSSN``, ``lastname``) are recognized too. A name such as ``program_name`` is none.
    """
    if name in _OF_FIRMS:
        return None
    words = _split_words(name)
    joined = "".join(words)
    for kind, parts in _PARTS.items():
        if any(part in joined for part in parts):
            return kind
    for kind, listed in _WORDS.items():
        if listed.intersection(words):
            return None if kind is IdentifierKind.NAME and _names_a_thing(words) else kind
    return IdentifierKind.SSN if _abbreviates_ssn(words) else None


def _split_words(name: str) -> list[str]:
    words = _BETWEEN_WORDS.split(_CAMEL.sub(" ", name.strip()).lower())
    return [_TRAILING_DIGITS.sub("", word) for word in words if word]


def _names_a_thing(words: Sequence[str]) -> bool:
    return bool(_NAMED_THINGS.intersection(words)) and not _PERSON_WORDS.intersection(words)


def _abbreviates_ssn(words: Sequence[str]) -> bool:
    return {"soc", "sec"} <= set(words) or any(w.startswith("ssn") or w.endswith("ssn") for w in words)


_SSN_WRITTEN = re.compile(r"(?<![\w-])[0-9]{3}([- ])[0-9]{2}\1[0-9]{4}(?![\w-])")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_PHONE = re.compile(
    r"\A(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[ .-])[2-9][0-9]{2}[ .-][0-9]{4}\Z"
)
_STREET_WORDS = (
    "(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|way|pl|place|hwy|pike)"
)
_STREET = re.compile(
    rf"\A[0-9]{{1,6}} (?:[NSEW]{{1,2}}\.? )?[A-Za-z0-9.' -]{{2,40}} {_STREET_WORDS}\b", re.IGNORECASE
)
_NINE_DIGITS = re.compile(r"\A[0-9]{9}\Z")

CELL_END = "\x1f"
"""What stands before, between and after the cells of a row that ``SUSPECT`` is tried on."""
SUSPECT = "|".join(
    (
        "@",
        "[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}",
        "[^0-9A-Za-z.][0-9]{9}[^0-9A-Za-z.]",
        "[2-9][0-9]{2}[). -]{1,2}[2-9][0-9]{2}[. -][0-9]{4}",
        rf"[0-9] [A-Za-z0-9.' -]{{2,46}} (?i:{_STREET_WORDS})",
    )
)
"""RE2: found in every row with a cell that ``content_kind`` looks at twice, and in few others.

One search over a whole row costs a fraction of judging its cells, so a reader of many files tries this first.
"""

MOST = 0.5
"""Undelimited nine digits: more than this share must be possible social security numbers at all."""
NEARLY_ALL = 0.98
"""Without a hint in the header, this share of the different ones: of random nine digits 89 % are possible."""
ENOUGH_DISTINCT = 500
"""And so many different ones, so that chance does not reach ``NEARLY_ALL``."""
ENOUGH_AREAS = 5
"""And so many different first three digits: numbers counted upward share theirs."""
ALMOST_NO_GROUP_00 = 0.002
"""And at most this share with the middle digits 00: one in a hundred of any other numbers has them."""
SOME = 0.1
"""Telephone numbers and street addresses: a column where one cell in ten looks so is one."""

_HINTS = frozenset({"ss", "social", "tax", "taxpayer", "tin", "national", "government", "govt", "federal"})


def content_kind(cells: Sequence[str], name: str = "", *, of_people: bool = False) -> IdentifierKind | None:
    """What a column's filled cells say it holds, if that identifies people; None otherwise.

    The column is judged, not the cell. Patterns no legitimate column was seen to have (a social security
    number with its dashes, an email address) decide it from the first cell on; telephone numbers and streets
    from one cell in ten; nine bare digits only when most are possible social security numbers and either the
    header hints at them (or the column is to hold keys ``of_people``) or they are so many, so different and
    so nearly all possible that nothing else is.
    """
    filled = [text for cell in cells if (text := cell.strip())]
    if any("@" in text and _EMAIL.search(text) for text in filled):
        return IdentifierKind.EMAIL
    if any(_holds_written_ssn(text) for text in filled) or _are_bare_ssns(
        filled, of_people or _hints_at_ssn(name)
    ):
        return IdentifierKind.SSN
    for kind, pattern in ((IdentifierKind.PHONE, _PHONE), (IdentifierKind.ADDRESS, _STREET)):
        if filled and sum(1 for text in filled if pattern.match(text)) >= SOME * len(filled):
            return kind
    return None


def _holds_written_ssn(text: str) -> bool:
    return any(_is_ssn(match[0]) for match in _SSN_WRITTEN.finditer(text))


def _hints_at_ssn(name: str) -> bool:
    return bool(_HINTS.intersection(_split_words(name)))


def _are_bare_ssns(filled: Sequence[str], hinted: bool) -> bool:
    bare = [text for text in filled if _NINE_DIGITS.match(text)]
    if sum(map(_is_ssn, bare)) <= MOST * len(filled):
        return False
    return hinted or _can_be_nothing_else(set(bare))


def _can_be_nothing_else(distinct: Collection[str]) -> bool:
    return (
        len(distinct) >= ENOUGH_DISTINCT
        and sum(map(_is_ssn, distinct)) >= NEARLY_ALL * len(distinct)
        and sum(text[3:5] == "00" for text in distinct) <= ALMOST_NO_GROUP_00 * len(distinct)
        and len({text[:3] for text in distinct}) >= ENOUGH_AREAS
    )


def _is_ssn(text: str) -> bool:
    try:
        normalize_ssn(text)
    except UnusableIdentifierError:
        return False
    return True
