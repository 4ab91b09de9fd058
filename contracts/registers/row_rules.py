"""Rules that many registers have, each with the register's own code and reason.

Effective dates have their rule in ``validity``, rules across files in ``own_rows``; a rule that one register
alone has stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from contracts.rules import RowRule

if TYPE_CHECKING:
    import ibis.expr.types as ir


def not_before(code: str, later: str, earlier: str, *, why: str) -> RowRule:
    """A day or quarter is not before another one; both must be given to be judged."""
    return RowRule(
        code=code,
        needs=(later, earlier),
        ok=lambda row: row[later] >= row[earlier],
        message=f"{later} is before {earlier}",
        hint="Check both; the same day or quarter is allowed.",
        rationale=why,
    )


def not_above(code: str, smaller: str, larger: str, *, why: str) -> RowRule:
    """A number is at most another one; both must be given to be judged."""
    return RowRule(
        code=code,
        needs=(smaller, larger),
        ok=lambda row: row[smaller] <= row[larger],
        message=f"{smaller} exceeds {larger}",
        hint="Check both numbers, and that the two columns are not swapped.",
        rationale=why,
    )


def given_together(code: str, first: str, second: str, *, why: str) -> RowRule:
    """Two columns are both filled or both blank."""
    return RowRule(
        code=code,
        reads=(first, second),
        ok=lambda row: row[first].isnull() == row[second].isnull(),
        message=f"{first} and {second} must be given together",
        hint="Give both or neither.",
        rationale=why,
    )


def unlike(code: str, first: str, second: str, *, why: str) -> RowRule:
    """Two identifiers of one row differ."""
    return RowRule(
        code=code,
        needs=(first, second),
        ok=lambda row: row[first] != row[second],
        message=f"{first} and {second} are the same",
        hint="Check both identifiers.",
        rationale=why,
    )


def given_where(code: str, column: str, values: Sequence[str], asked: Sequence[str], *, why: str) -> RowRule:
    """Where a column has one of these values, all the columns asked for are filled."""
    return RowRule(
        code=code,
        needs=(column,),
        reads=tuple(asked),
        ok=lambda row: ~row[column].isin(list(values)) | _all_given(row, asked),
        message=f"{column} is {' or '.join(values)}, but {' or '.join(asked)} is blank",
        hint="Fill in what is missing, or correct " + column + ".",
        rationale=why,
    )


def given_only_where(
    code: str, column: str, values: Sequence[str], asked: Sequence[str], *, why: str
) -> RowRule:
    """All the columns asked for are filled where a column has one of these values, and blank elsewhere."""
    return RowRule(
        code=code,
        needs=(column,),
        reads=tuple(asked),
        ok=lambda row: row[column].isin(list(values)).ifelse(_all_given(row, asked), _none_given(row, asked)),
        message=f"{' and '.join(asked)} must be given where {column} is {' or '.join(values)}, only there",
        hint="Fill in or empty these columns, or correct " + column + ".",
        rationale=why,
    )


def _all_given(row: ir.Table, columns: Sequence[str]) -> ir.BooleanValue:
    given = row[columns[0]].notnull()
    for name in columns[1:]:
        given = given & row[name].notnull()
    return given


def _none_given(row: ir.Table, columns: Sequence[str]) -> ir.BooleanValue:
    blank = row[columns[0]].isnull()
    for name in columns[1:]:
        blank = blank & row[name].isnull()
    return blank
