"""Where in a file the identifiers stand, what is kept, and what the sealed file's header will be.

Nothing here sees a person's row. Judging what the kept columns hold belongs to ``contracts.identifiers``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from contracts.identifiers import IdentifierFinding, direct_identifiers
from contracts.pseudonyms import SealError

ENTRY_DATE, AGE = "entry_date", "age_at_entry"
LEARNER_KEY, KEY_EPOCH, POSITION_KEY = "learner_key", "key_epoch", "position_key"


@dataclass(frozen=True, kw_only=True)
class IdentifierColumns:
    """The names of the columns that hold identifiers; ``drop`` names further ones to leave out."""

    ssn: str | None = None
    last: str | None = None
    first: str | None = None
    dob: str | None = None
    zip: str | None = None
    position: str | None = None
    drop: tuple[str, ...] = ()

    def named(self) -> dict[str, str]:
        """Option to column name, for the options that were given (``drop`` not among them)."""
        given = {option: getattr(self, option) for option in self.__dataclass_fields__ if option != "drop"}
        return {option: name for option, name in given.items() if name is not None}

    def can_make_a_key(self) -> bool:
        """Whether the columns suffice for at least one kind of learner key."""
        return bool(self.ssn or (self.last and self.dob and (self.first or self.zip)))


@dataclass(frozen=True)
class Layout:
    """A file's columns by position (0-based): identifiers by option, the kept ones, the entry date."""

    width: int
    places: dict[str, int]
    kept: tuple[int, ...]
    kept_names: tuple[str, ...]
    entry_date: int | None

    @property
    def header(self) -> list[str]:
        """The sealed file's header."""
        position = [POSITION_KEY] if "position" in self.places else []
        age = [AGE] if self.entry_date is not None else []
        return [LEARNER_KEY, KEY_EPOCH, *position, *self.kept_names, *age]


def plan_layout(header: Sequence[str], columns: IdentifierColumns) -> Layout:
    """Find the named columns in a header and plan the sealed file.

    SealError: SEA-011 a named column is missing, SEA-012 the named ones make no key, SEA-013 the header names
    a column twice or has one that sealing makes, FIL-040 a kept column is named like a direct identifier.
    """
    _require_a_key(columns)
    places = _places(header, columns)
    left_out = {*places.values(), *(header.index(name) for name in columns.drop)}
    kept = tuple(i for i in range(len(header)) if i not in left_out)
    names = tuple(header[i] for i in kept)
    entry = header.index(ENTRY_DATE) if "dob" in places and ENTRY_DATE in names else None
    layout = Layout(len(header), places, kept, names, entry)
    _refuse_twice(layout.header)
    refuse_identifiers(names, direct_identifiers(names))
    return layout


def refuse_identifiers(names: Sequence[str], findings: Sequence[IdentifierFinding]) -> None:
    """SealError with the first finding's code when kept columns look like direct identifiers."""
    if not findings:
        return
    found = "; ".join(f"{names[one.position - 1]}: {one.kind.value} ({one.code})" for one in findings)
    raise SealError(
        findings[0].code,
        found=f"columns that look like direct identifiers of people: {found}",
        expected="none in what is left of the file",
        where="the columns that would be kept",
        remedy="Name each with its option (--ssn, --last, --first, --dob, --zip) or leave it out with "
        "--drop; rename a column that is none.",
    )


def _require_a_key(columns: IdentifierColumns) -> None:
    if columns.can_make_a_key():
        return
    raise SealError(
        "SEA-012",
        found="options that name " + (", ".join(columns.named()) or "no identifier"),
        expected="--ssn; or --last, --first and --dob; or --last, --dob and --zip; all that the file has",
        where="the options",
        remedy="Name the columns of the file that hold these identifiers.",
    )


def _places(header: Sequence[str], columns: IdentifierColumns) -> dict[str, int]:
    named = columns.named()
    _refuse_missing(header, [*named.items(), *(("drop", name) for name in columns.drop)])
    _refuse_twice(header)
    shared = [name for name, times in Counter(named.values()).items() if times > 1]
    if shared:
        raise _twice(f"the column {shared[0]} under several options", "the options")
    return {option: header.index(name) for option, name in named.items()}


def _refuse_missing(header: Sequence[str], wanted: Sequence[tuple[str, str]]) -> None:
    missing = [f"--{option} {name}" for option, name in wanted if name not in header]
    if not missing:
        return
    # What stands in the first line is not repeated: without a header it would be a person's row.
    raise SealError(
        "SEA-011",
        found=f"a first line of {len(header)} fields without: {', '.join(missing)}",
        expected="a header that names these columns, letter for letter, fields separated by commas",
        where="the first line of the file",
        remedy="Look at the file's first line; a file separated by semicolons must be exported with commas.",
    )


def _refuse_twice(header: Sequence[str]) -> None:
    twice = [place for place, name in enumerate(header, 1) if name in header[: place - 1]]
    if twice:
        raise _twice(f"column {twice[0]} named like an earlier one", "the header, or what sealing adds to it")


def _twice(found: str, where: str) -> SealError:
    return SealError(
        "SEA-013",
        found=found,
        expected=f"every column once; {LEARNER_KEY}, {KEY_EPOCH}, {POSITION_KEY}, {AGE} are made by sealing",
        where=where,
        remedy="Rename or remove the column, or leave it out with --drop.",
    )
