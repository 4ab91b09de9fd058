"""One row as JSON Schema (2020-12): every cell is text, as in a file; whole numbers may also be numbers.

What a schema of single cells cannot see stands under ``x-guildhall-…``: bounds of decimals and days, code
sets, registers, rules. So whatever the contract takes is valid here, and not the other way round.
"""

from __future__ import annotations

import json
from typing import Any

from contracts.model import Contract
from contracts.render.description import ColumnDescription, RuleDescription, describe

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BLANK: dict[str, Any] = {"enum": ["", None]}


def json_schema(contract: type[Contract]) -> str:
    """The schema of one row of a contract, as a JSON document."""
    return json.dumps(row_schema(contract), indent=2, ensure_ascii=False) + "\n"


def row_schema(contract: type[Contract]) -> dict[str, Any]:
    """The same as data. A blank optional cell is left out, null or ''."""
    told = describe(contract)
    return {
        "$schema": DIALECT,
        "$id": f"urn:guildhall:contract:{told.name}:{told.version}",
        "title": told.title,
        "description": told.description,
        "type": "object",
        "properties": {column.name: _property(column) for column in told.columns},
        "required": [column.name for column in told.columns if column.required],
        "additionalProperties": not told.strict,
        "x-guildhall-version": told.version,
        "x-guildhall-grain": told.grain,
        "x-guildhall-key": list(told.key),
        "x-guildhall-dropped-by": told.dropped_by,
        "x-guildhall-cadence": told.cadence,
        "x-guildhall-rules": [_rule(rule) for rule in told.rules],
    }


def _property(column: ColumnDescription) -> dict[str, Any]:
    cell = _cell(column)
    return {
        "description": column.description,
        **(cell if column.required else {"anyOf": [cell, _BLANK]}),
        **_terms(column),
    }


def _cell(column: ColumnDescription) -> dict[str, Any]:
    """A filled cell. Keywords of text and of numbers each bind their own kind of value only."""
    if column.type == "DATE":
        return {"anyOf": [{"type": "string", "pattern": anchored(gate)} for gate in column.gates]}
    if column.type == "INTEGER":
        return {"type": ["string", "integer"], **_whole_number(column)}
    if column.codes and not column.gates:
        return {"type": "string", "enum": list(column.codes)}
    length = {} if column.length is None else {"maxLength": column.length}
    return {"type": "string", "pattern": anchored("|".join(column.gates)), **length}


def _whole_number(column: ColumnDescription) -> dict[str, Any]:
    if column.codes:
        return {"enum": [*column.codes, *map(int, column.codes)]}
    bounds = {"minimum": int(column.least or 0), "maximum": int(column.greatest or 0)}
    return {"pattern": anchored("|".join(column.gates)), **bounds}


def anchored(pattern: str) -> str:
    """A gate's pattern where patterns are searched for: it must match the text as a whole."""
    return f"^(?:{pattern})$"


def _terms(column: ColumnDescription) -> dict[str, Any]:
    """What else the contract says of a column; what it does not say is left out."""
    terms = {
        "kind": column.kind,
        "type": column.type,
        "privacy": column.privacy,
        "expected": column.expected,
        "source": column.source,
        "hint": column.hint,
        "minimum": column.least,
        "maximum": column.greatest,
        "meanings": {code: meaning for code, meaning in column.codes.items() if meaning},
        "lookup": column.lookup and {"table": column.lookup.table, "column": column.lookup.column},
        "codes": list(column.findings),
    }
    return {f"x-guildhall-{name}": value for name, value in terms.items() if value}


def _rule(rule: RuleDescription) -> dict[str, Any]:
    columns = {"needs": list(rule.needs), "reads": list(rule.reads)}
    return {"code": rule.code, "severity": rule.severity, "message": rule.message, **columns}
