"""What an assessment can be reckoned on, and which rate each basis asks for.

Only rules of ``funding_rule`` that look at its basis and its match belong here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts import expressions
from contracts.rules import RowRule

if TYPE_CHECKING:
    import ibis.expr.types as ir

BASES = {
    "PAYROLL_PCT": "share of gross payroll",
    "HEADCOUNT": "amount for each employee",
    "BENEFIT_SHARE": "share of the benefit received",
    "FLAT": "one amount for each firm",
    "HYBRID": "the sum of at least two of these",
}
_RATES = {
    "PAYROLL_PCT": "payroll_rate",
    "HEADCOUNT": "per_head_usd",
    "BENEFIT_SHARE": "benefit_rate",
    "FLAT": "flat_usd",
}


def rates_of_basis(code: str) -> RowRule:
    """The basis has its rate; a hybrid has at least two."""
    return RowRule(
        code=code,
        needs=("basis",),
        reads=tuple(_RATES.values()),
        ok=_has_its_rate,
        message="basis lacks its rate, or HYBRID has fewer than two rates",
        hint="PAYROLL_PCT asks for payroll_rate, HEADCOUNT for per_head_usd, BENEFIT_SHARE for "
        "benefit_rate, FLAT for flat_usd, HYBRID for two or more of them.",
        rationale="An assessment without a rate would be nothing, and nobody would be told.",
    )


def one_rate_each(code: str) -> RowRule:
    """No rate of another basis is filled, except in a hybrid."""
    return RowRule(
        code=code,
        needs=("basis",),
        reads=tuple(_RATES.values()),
        ok=lambda row: (row.basis == "HYBRID") | ~_has_a_strange_rate(row),
        message="a rate of another basis is filled",
        hint="Empty it, or set basis to HYBRID if both count.",
        rationale="Two readers of one rule must come to one assessment.",
    )


def match_has_partner(code: str) -> RowRule:
    """A match above zero names who matches, and the other way round."""
    return RowRule(
        code=code,
        reads=("match_ratio", "matched_by"),
        ok=lambda row: (
            (row.match_ratio > 0).fill_null(expressions.literal(False)) == row.matched_by.notnull()
        ),
        message="match_ratio and matched_by must be given together",
        hint="Give a ratio above zero with its partner, or neither.",
        rationale="The ledger balances each source by itself, so a match needs one.",
    )


def _has_its_rate(row: ir.Table) -> ir.BooleanValue:
    alone = row.basis == "HYBRID"
    for basis, rate in _RATES.items():
        alone = alone | ((row.basis == basis) & row[rate].notnull())
    return alone & ((row.basis != "HYBRID") | (_rates_given(row) >= 2))


def _has_a_strange_rate(row: ir.Table) -> ir.BooleanValue:
    strange = expressions.literal(False)
    for basis, rate in _RATES.items():
        strange = strange | ((row.basis != basis) & row[rate].notnull())
    return strange


def _rates_given(row: ir.Table) -> ir.IntegerValue:
    given = expressions.literal(0, "int32")
    one, none = expressions.literal(1, "int32"), expressions.literal(0, "int32")
    for rate in _RATES.values():
        given = given + row[rate].notnull().ifelse(one, none)
    return given
