"""A contract told as plain data: what machine-readable renderings are made of, and what they read back to.

Two contracts with equal descriptions promise the same. How a description is written (JSON Schema, ODCS, …)
belongs to the modules beside this one; what follows from a difference belongs to the comparison of versions.

``contracts.versions`` has a description of its own, for another life: it is kept in files that are never
changed, and says as sets of texts what can be compared exactly. This one is made anew with every rendering,
speaks in the kinds of field that readers of a schema know, and grows as a rendering needs more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir

from contracts.fields import (
    Cell,
    Code,
    Field,
    Flag,
    HexKey,
    IsoDate,
    Membership,
    MultiDigit,
    OneOf,
    Quantity,
    QuarterField,
    Text,
    WholeNumber,
)
from contracts.gates import Gate
from contracts.model import Column, Contract
from contracts.rules import CrossRule, RowRule, Rule

_TOLD_OTHERWISE = frozenset(("description", "source", "privacy", "hint", "values"))
_IBIS = {"VARCHAR": "string", "INTEGER": "int32"}


@dataclass(frozen=True, kw_only=True)
class ColumnDescription:
    """One column.

    ``type``: the DuckDB type in the lake. ``gates``: full-match patterns, one of which a filled cell matches;
    none where ``codes`` (code to meaning, '' if it has none) decide alone. ``least`` and ``greatest``: bounds
    of numbers and days, both included. ``lookup``: the list a value must be in. ``findings``: the codes a
    cell can earn, in the order of the checks. ``settings``: what else the kind was given, defaults left out.
    """

    name: str
    description: str
    kind: str
    type: str
    required: bool
    key_position: int | None
    privacy: str
    expected: str
    source: str = ""
    hint: str = ""
    gates: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    least: str | None = None
    greatest: str | None = None
    length: int | None = None
    lookup: Membership | None = None
    findings: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RuleDescription:
    """One rule beyond the single cell.

    ``condition``: a DuckDB statement over typed rows that says where it holds; '' for a key. Of a rule across
    extracts: the extract looked into, the columns joined on, and each summary as a statement over its rows.
    """

    code: str
    kind: str
    severity: str
    message: str
    hint: str
    rationale: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]
    condition: str = ""
    against: str = ""
    on: tuple[str, ...] = ()
    summary: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ContractDescription:
    """A contract's terms, its columns in order and its rules by code."""

    name: str
    version: str
    prefix: str
    title: str
    description: str
    grain: str
    dropped_by: str
    cadence: str
    strict: bool
    opt_in: str = ""
    columns: tuple[ColumnDescription, ...]
    rules: tuple[RuleDescription, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell rows apart, in the order of the key."""
        parts = [(one.key_position, one.name) for one in self.columns if one.key_position is not None]
        return tuple(name for _, name in sorted(parts))


@cache
def describe(contract: type[Contract]) -> ContractDescription:
    """The description of a contract."""
    meta = contract.meta
    rules = sorted(contract.all_rules(), key=lambda rule: rule.code)
    return ContractDescription(
        name=meta.name,
        version=meta.version,
        prefix=meta.prefix,
        title=meta.title,
        description=meta.description,
        grain=meta.grain,
        dropped_by=str(meta.dropped_by),
        cadence=str(meta.cadence),
        strict=meta.strict,
        opt_in=meta.opt_in,
        columns=tuple(_column(contract, column) for column in contract.columns()),
        rules=tuple(_rule(contract, rule) for rule in rules),
    )


def _column(contract: type[Contract], column: Column) -> ColumnDescription:
    kind, key = column.field, contract.meta.key
    least, greatest = bounds_of(kind)
    return ColumnDescription(
        name=column.name,
        description=kind.description,
        kind=type(kind).__name__,
        type=kind.column_type,
        required=column.required,
        key_position=key.index(column.name) + 1 if column.in_key else None,
        privacy=str(kind.privacy),
        expected=kind.expected,
        source=kind.source,
        hint=kind.hint,
        gates=gates_of(kind),
        codes=codes_of(kind),
        least=least,
        greatest=greatest,
        length=kind.most if isinstance(kind, Text) else None,
        lookup=kind.membership,
        findings=(*(("CEL-101",) if column.required else ()), *_findings(kind)),
        settings=_settings(kind),
    )


def gates_of(kind: Field) -> tuple[str, ...]:
    """The patterns of a kind of column: a filled cell matches one of them as a whole."""
    match kind:
        case HexKey():
            return (kind.gate.pattern,)
        case Text():
            return (kind.sized.pattern,)
        case IsoDate():
            return (kind.dashed.pattern, kind.compact.pattern)
        case Code() | MultiDigit() | Quantity() | WholeNumber() | QuarterField():
            return (kind.shape.pattern,)
        case _:
            return ()


def codes_of(kind: Field) -> dict[str, str]:
    """The closed list of a kind of column: code to meaning."""
    match kind:
        case OneOf() | MultiDigit():
            return dict(kind.values) if isinstance(kind.values, Mapping) else dict.fromkeys(kind.values, "")
        case Flag():
            return {"0": "no", "1": "yes"}
        case _:
            return {}


def closed_list(column: ColumnDescription) -> list[int | str]:
    """The codes of a column as they are in the lake: whole numbers of a flag, else text."""
    return [int(code) if column.type == "INTEGER" else code for code in column.codes]


def bounds_of(kind: Field) -> tuple[str | None, str | None]:
    """The least and the greatest value of a kind of column, as they would be written in a cell."""
    match kind:
        case Quantity():
            return kind.least, kind.greatest
        case WholeNumber():
            return str(kind.least), str(kind.most)
        case IsoDate():
            return str(kind.earliest), str(kind.latest)
        case _:
            return None, None


def _settings(kind: Field) -> dict[str, Any]:
    given = {
        one.name: value
        for one in dataclasses.fields(kind)
        if one.name not in _TOLD_OTHERWISE and (value := getattr(kind, one.name)) != one.default
    }
    return {name: _plain(value) for name, value in given.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Gate):
        return value.pattern
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, date) else value


def _findings(kind: Field) -> list[str]:
    """The codes of a kind's checks, asked of a cell that stands for any."""
    rows = ibis.table(
        {"text": "string", "known": "boolean", "firm": "string", "period": "string"}, name="cells"
    )
    cell = Cell(rows.text, kind.typed(rows.text), rows.known, rows.firm, rows.period)
    return [fault.code for fault in kind.faults(cell)]


def _rule(contract: type[Contract], rule: Rule) -> RuleDescription:
    told = RuleDescription(
        code=rule.code,
        kind=type(rule).__name__,
        severity=str(rule.severity),
        message=rule.message,
        hint=rule.hint,
        rationale=rule.rationale,
        needs=rule.needs,
        reads=rule.reads,
    )
    if isinstance(rule, RowRule):
        return dataclasses.replace(told, condition=_sql(rule.ok(_typed_rows(contract))))
    return _across(contract, rule, told) if isinstance(rule, CrossRule) else told


def _across(contract: type[Contract], rule: CrossRule, told: RuleDescription) -> RuleDescription:
    """Adds what a rule across extracts looks at; its summaries are columns ``own_<name>`` of the rows."""
    theirs = _typed_rows(rule.against)
    summary = {name: summarize(theirs) for name, summarize in rule.summary.items()}
    facts = {f"own_{name}": expression.type() for name, expression in summary.items()}
    rows = _typed_rows(contract, {**facts, "own_found": "boolean"})
    own = {name: rows[f"own_{name}"] for name in (*summary, "found")}
    return dataclasses.replace(
        told,
        condition=_sql(rule.ok(rows, own)),
        against=rule.against.meta.name,
        on=rule.on,
        summary={name: _sql(expression) for name, expression in summary.items()},
    )


def _typed_rows(contract: type[Contract], more: Mapping[str, Any] | None = None) -> ir.Table:
    types = {one.name: one.field.column_type for one in contract.columns()}
    return ibis.table(
        {name: _IBIS.get(kind, kind.lower()) for name, kind in types.items()} | dict(more or {}),
        name=contract.meta.name,
    )


def _sql(expression: ir.Value) -> str:
    return str(ibis.to_sql(expression.name("value").as_table(), dialect="duckdb", pretty=False))
