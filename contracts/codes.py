"""The catalogue of codes: what each finding means, how severe it is, and what a data officer does about it.

Codes of cells and boxes are generic and stand here; codes of rows, keys and cross-extract rules are declared
beside their contract and looked up through it. Codes of whole files belong to intake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from contracts.errors import ContractError

if TYPE_CHECKING:
    from contracts.model import Contract


class Severity(StrEnum):
    """ERROR keeps a row out of the lake; WARNING is told and lets it in."""

    ERROR = "ERROR"
    WARNING = "WARNING"


@dataclass(frozen=True)
class Guidance:
    """What is said about one code: to the officer (message, hint) and to whoever asks why (rationale)."""

    code: str
    severity: Severity
    message: str
    hint: str
    rationale: str


def _error(code: str, message: str, hint: str, rationale: str) -> Guidance:
    return Guidance(code, Severity.ERROR, message, hint, rationale)


_CELL_GUIDANCE = (
    _error(
        "CEL-101",
        "{column} is required and blank",
        "Fill in the value; a blank never stands for zero or no.",
        "Without it the row has no place in any figure.",
    ),
    _error(
        "CEL-110",
        "{column} must be {expected}",
        "Compare length and characters with the data dictionary; look for blanks at either end.",
        "Keys and names are compared character by character, so a near miss is another key.",
    ),
    _error(
        "CEL-111",
        "{column} is too long: it must be {expected}",
        "Shorten the text; nothing is cut off silently.",
        "A text cut off by a machine may collide with another one.",
    ),
    _error(
        "CEL-120",
        "{column} is not written as a date: it must be {expected}",
        "Write YYYY-MM-DD or YYYYMMDD; format spreadsheet columns as text before typing dates.",
        "Serial numbers, two-digit years and day-month orders cannot be told apart with certainty.",
    ),
    _error(
        "CEL-121",
        "{column} names a day that is not in the calendar",
        "Check day and month, and 29 February against the year.",
        "A repaired date would be a guess, and durations are computed from it.",
    ),
    _error(
        "CEL-122",
        "{column} lies outside the period a date may have: it must be {expected}",
        "Check the year; leave the cell blank when the day is not known.",
        "Years such as 1900 or 9999 are stand-ins for missing, and would enter durations.",
    ),
    _error(
        "CEL-130",
        "{column} is not a quarter: it must be {expected}",
        "Write the year, Q and 1 to 4, for example 2026Q1.",
        "Quarters are counted, so they must be read without doubt.",
    ),
    _error(
        "CEL-140",
        "{column} is not a plain decimal: it must be {expected}",
        "Write digits and a decimal point only: no currency sign, thousands separator or exponent.",
        "Rounding or guessing a separator changes money silently.",
    ),
    _error(
        "CEL-142",
        "{column} is out of range: it must be {expected}",
        "Check unit and sign; leave the cell blank when the value is not known.",
        "An impossible amount outweighs hundreds of right ones in every mean and share.",
    ),
    _error(
        "CEL-150",
        "{column} is not a whole number: it must be {expected}",
        "Write ASCII digits only, without a decimal point.",
        "A fraction in a count means another column, or another unit.",
    ),
    _error(
        "CEL-152",
        "{column} is out of range: it must be {expected}",
        "Check the unit; leave the cell blank when the value is not known.",
        "Stand-ins such as 999 for missing would be counted as values.",
    ),
    _error(
        "CEL-160",
        "{column} must be {expected}",
        "Use the codes exactly as listed, upper case included, without blanks around them.",
        "A code outside its list cannot be counted in any category.",
    ),
    _error(
        "CEL-170",
        "{column} is not shaped like its code: it must be {expected}",
        "Keep the column as text, so that leading zeros survive.",
        "A code that lost a zero may be another valid code; it is never repaired by guessing.",
    ),
    _error(
        "CEL-171",
        "{column} is not in its code set: it must be {expected}",
        "Look the code up in the edition named; broad and retired codes are not taken.",
        "Figures by area, occupation or industry group by these codes.",
    ),
    _error(
        "CEL-190",
        "{column} is not in its register: it must be {expected}",
        "Compare it with the register; ask the operator to add what is missing, then send the file again.",
        "What the register does not know has no name, price or dates to report by.",
    ),
    _error(
        "BOX-001",
        "{column} names another firm than the box the file came from",
        "Leave other firms' rows out; a firm reports its own rows only.",
        "The box, not the file, decides whose rows these are.",
    ),
    _error(
        "BOX-002",
        "{column} is not the quarter the file is for",
        "Send each quarter in its own file.",
        "A file replaces its quarter as a whole; stray rows of other quarters would be lost or doubled.",
    ),
)

CELL_CODES: Mapping[str, Guidance] = {entry.code: entry for entry in _CELL_GUIDANCE}
"""Every code that is about a single cell, with ``{column}`` and ``{expected}`` to be filled in."""


def guidance(contract: type[Contract], code: str, column: str) -> Guidance:
    """What to say about a code found in a column of a contract; ContractError CTR-002 for an unknown code."""
    if code in CELL_CODES:
        return _of_cell(contract, CELL_CODES[code], column)
    for rule in contract.all_rules():
        if rule.code == code:
            return Guidance(rule.code, rule.severity, rule.message, rule.hint, rule.rationale)
    raise ContractError(
        "CTR-002",
        found=f"the code {code}",
        expected="a code of a cell, or of a rule of this contract",
        where=f"the contract {contract.meta.name}",
        remedy="Look the code up under the contract that raised it.",
    )


def _of_cell(contract: type[Contract], entry: Guidance, column: str) -> Guidance:
    field = contract.column(column).field
    message = entry.message.format(column=column, expected=field.expected)
    hint = field.hint or field.hints.get(entry.code, entry.hint)
    return Guidance(entry.code, entry.severity, message, hint, entry.rationale)
