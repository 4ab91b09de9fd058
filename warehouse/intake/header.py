"""The header of a file against its contract: matched by name, in any order.

Names the file brings that the contract does not know are never repeated: without a header they would be
the first person's values. Findings point at the column's position and at the nearest contract name instead.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from contracts.identifiers import header_kind
from contracts.model import Contract
from warehouse.intake.findings import FileFinding

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_FIRST_LINE = 1


@dataclass(frozen=True)
class HeaderRules:
    """What a contract asks of a header."""

    columns: tuple[str, ...]
    required: frozenset[str]
    strict: bool = True


def header_rules(of: type[Contract]) -> HeaderRules:
    """What a contract asks of a header today."""
    return HeaderRules(of.column_names(), frozenset(of.required_columns()), of.meta.strict)


def read_header(text: str) -> tuple[str, ...]:
    """The names in a header record; empty when it cannot be read as one CSV record."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return ()
    return tuple(rows[0]) if len(rows) == 1 else ()


def find_header_faults(names: Sequence[str], rules: HeaderRules) -> list[FileFinding]:
    """Every fault of a header: FIL-020 missing, FIL-021 unknown, FIL-022 twice, FIL-040 identifying."""
    return find_other_delimiter(names, rules) or (
        _missing(names, rules) + _repeated(names, rules) + _unknown(names, rules)
    )


def find_other_delimiter(names: Sequence[str], rules: HeaderRules) -> list[FileFinding]:
    """FIL-020 for a header that another delimiter than the comma takes apart into the contract's columns."""
    delimiter = _other_delimiter(names, rules.columns)
    return [] if delimiter is None else [_wrong_delimiter(delimiter)]


def _other_delimiter(names: Sequence[str], columns: Collection[str]) -> str | None:
    """The delimiter that makes contract columns out of a header that has none."""
    if set(names) & set(columns):
        return None
    text = ",".join(names)
    known = {mark: len(_split(text, mark) & set(columns)) for mark in _OTHER_DELIMITERS}
    best = max(known, key=lambda mark: known[mark])
    return best if known[best] else None


def _split(text: str, delimiter: str) -> set[str]:
    return {part.strip().strip('"') for part in text.split(delimiter)}


def _wrong_delimiter(delimiter: str) -> FileFinding:
    word = _OTHER_DELIMITERS[delimiter]
    message = f"the header's columns are separated by {word}, so no column of the contract is found"
    hint = f"separate fields by commas (the file uses {word}); amounts are written with a decimal point"
    return FileFinding("FIL-020", message, hint, line=_FIRST_LINE)


def _missing(names: Sequence[str], rules: HeaderRules) -> list[FileFinding]:
    hint = "add the column; the header is the first line, its names are matched exactly, in any order"
    return [
        FileFinding("FIL-020", "a required column is missing", hint, line=_FIRST_LINE, column=column)
        for column in rules.columns
        if column in rules.required and column not in names
    ]


def _repeated(names: Sequence[str], rules: HeaderRules) -> list[FileFinding]:
    hint = "keep one column of this name"
    return [
        FileFinding("FIL-022", "the column is named more than once", hint, line=_FIRST_LINE, column=column)
        for column in rules.columns
        if names.count(column) > 1
    ]


def _unknown(names: Sequence[str], rules: HeaderRules) -> list[FileFinding]:
    found = [_unknown_column(i, name, rules) for i, name in enumerate(names, 1) if name not in rules.columns]
    return [finding for finding in found if finding is not None]


def _unknown_column(position: int, name: str, rules: HeaderRules) -> FileFinding | None:
    where = f"header column {position}"
    if header_kind(name) is not None:
        message = "the column looks like a direct identifier of a person"
        hint = "remove the column, or seal the file: guildhall seal makes learner_key of it at the firm"
        return FileFinding("FIL-040", message, hint, line=_FIRST_LINE, column=where)
    if not rules.strict:
        return None
    message = "the contract has no column of this name"
    return FileFinding("FIL-021", message, _nearest_hint(name, rules), line=_FIRST_LINE, column=where)


def _nearest_hint(name: str, rules: HeaderRules) -> str:
    near = difflib.get_close_matches(name.strip().lower(), rules.columns, n=1)
    if near:
        return f"the nearest column of the contract is {near[0]}; rename or remove the column"
    return "remove the column; if the first line holds data, put the header before it"
