"""The contract of a correction: a contract's own columns, and for each row what is to be done and why.

A correction names rows by their key and leaves every other row of the submission it names as it is. Which row
counts in the end is decided in ``warehouse``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import create_model

from contracts.codes import Severity
from contracts.fields import OneOf, Privacy
from contracts.model import Column, Contract
from contracts.rules import CrossRule, RowRule, Rule

if TYPE_CHECKING:
    import ibis.expr.types as ir

ACTION, REASON = "record_action", "correction_reason"
DELETE = "D"

REASONS = {
    "KEYING": "typing error",
    "LATE_INFO": "information that came late",
    "RECLASS": "reclassified",
    "LEGAL_NAME_CHANGE": "the person's or firm's legal name changed",
    "COURT_ORDER": "ordered by a court",
    "OTHER": "another reason",
}
"""Why a row is corrected, by code."""

CORRECTION_COLUMNS = (REASON, ACTION)

BLANK_IN_UPSERT = "COR-101"
NOTHING_TO_DELETE = "COR-401"

_REASON = OneOf(REASONS, description="Why the row corrects an earlier one.", privacy=Privacy.FIRM)
_ACTION = OneOf(
    {"U": "insert or replace the row", DELETE: "delete the row"},
    description="What is done to the row with the same key.",
    privacy=Privacy.FIRM,
)


@cache
def correction_of(contract: type[Contract]) -> type[Contract]:
    """The contract that corrections of ``contract`` keep: one row per key, with action and reason.

    Of a row to be deleted only the key is required; what else it holds is judged cell by cell and ignored.
    """
    columns = [column for column in contract.columns() if column.name not in CORRECTION_COLUMNS]
    fields: dict[str, Any] = {column.name: _definition(contract, column) for column in columns}
    fields |= {REASON: (Annotated[str, _REASON], ...), ACTION: (Annotated[str, _ACTION], ...)}
    derived = create_model(f"{contract.__name__}Correction", __base__=Contract, **fields)
    derived.meta = contract.meta
    derived.rules = (*(_unless_deleted(rule) for rule in contract.rules), *_own_rules(contract, columns))
    return derived


def correction_rules(contract: type[Contract]) -> tuple[Rule, ...]:
    """The rules that a contract's corrections keep beside the contract's own, one of each code."""
    codes = (BLANK_IN_UPSERT, NOTHING_TO_DELETE)
    own = {rule.code: rule for rule in correction_of(contract).rules if rule.code in codes}
    return tuple(own.values())


def _definition(contract: type[Contract], column: Column) -> tuple[Any, Any]:
    kind: Any = contract.model_fields[column.name].annotation
    if column.required and not column.in_key:
        return (Annotated[kind | None, column.field], None)
    return (Annotated[kind, column.field], ... if column.required else None)


def _unless_deleted(rule: Rule) -> Rule:
    """The same rule, for rows that are not deleted."""
    if isinstance(rule, RowRule):
        ok = rule.ok
        return replace(rule, ok=lambda row: _deleted(row) | ok(row), reads=_with_action(rule))
    if isinstance(rule, CrossRule):
        holds = rule.ok
        return replace(rule, ok=lambda row, own: _deleted(row) | holds(row, own), reads=_with_action(rule))
    return rule


def _with_action(rule: Rule) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*rule.reads, ACTION))) if ACTION not in rule.needs else rule.reads


def _own_rules(contract: type[Contract], columns: list[Column]) -> list[Rule]:
    blank = [_filled(column.name) for column in columns if column.required and not column.in_key]
    return [*blank, _key_is_there(contract)]


def _filled(name: str) -> RowRule:
    return RowRule(
        code=BLANK_IN_UPSERT,
        reads=(name, ACTION),
        ok=lambda row: _deleted(row) | row[name].notnull(),
        message="a required column is blank in a row that is to be put in",
        hint="Give the whole row as it should be: a correction replaces the row, not single cells.",
        rationale="Cells that are left out cannot be told from cells that are to be cleared.",
    )


def _key_is_there(contract: type[Contract]) -> CrossRule:
    """A warning, for what is not there yet may still arrive: an error would make the order matter."""
    return CrossRule(
        code=NOTHING_TO_DELETE,
        needs=contract.meta.key,
        reads=(ACTION,),
        against=contract,
        on=contract.meta.key,
        ok=lambda row, own: ~_deleted(row) | own["found"],
        severity=Severity.WARNING,
        message="record_action is D, but no row with this key counts",
        hint="Compare the key with the row as you sent it; a key that is not there needs no deletion.",
        rationale="A key that is misspelled leaves the row that was meant where it is.",
    )


def _deleted(row: ir.Table) -> ir.BooleanValue:
    return (row[ACTION] == DELETE).fill_null(False)
