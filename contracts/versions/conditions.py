"""A rule's expression, spelled out as text that stays the same from release to release.

SQL would do, were it not rewritten whenever the SQL writer is. Here an expression is its operations by name
and its columns, nothing else. Whether two spellings mean the same is not decided: another spelling is another
rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir

from contracts.model import Contract
from contracts.rules import CrossRule, KeyRule, RowRule, Rule


def condition_of(contract: type[Contract], rule: Rule) -> str:
    """What has to hold: the expression over the row, and for a cross-extract rule what it is held against."""
    row = _typed_table("row", contract, contract.column_names())
    if isinstance(rule, RowRule):
        return spell(rule.ok(row))
    if isinstance(rule, CrossRule):
        return _spell_cross(row, rule)
    if isinstance(rule, KeyRule):
        return "no other row has the same " + ", ".join(sorted(contract.meta.key))
    raise NotImplementedError(f"a rule of kind {type(rule).__name__}")


def spell(expression: ir.Value) -> str:
    """An expression as nested operations: ``LessEqual(row.hours_worked, row.hours_paid)``."""
    return _spell(expression.op())


def _spell_cross(row: ir.Table, rule: CrossRule) -> str:
    other = _typed_table("other", rule.against, dict.fromkeys((*rule.on, *rule.uses)))
    summaries = {name: summarize(other) for name, summarize in rule.summary.items()}
    kinds = {name: summary.type() for name, summary in summaries.items()} | {"found": "boolean"}
    group = ibis.table(kinds, name="group")
    held = spell(rule.ok(row, {name: group[name] for name in kinds}))
    meanings = "; ".join(f"group.{name} = {spell(summaries[name])}" for name in sorted(summaries))
    grouped = f"group: {rule.against.meta.name} of the box by {', '.join(rule.on)}"
    return "; ".join(part for part in (held, grouped, meanings) if part)


def _typed_table(name: str, contract: type[Contract], columns: Iterable[str]) -> ir.Table:
    kinds = {
        column: contract.column(column).field.typed(ibis.literal("").cast("string")).type()
        for column in columns
    }
    return ibis.table(kinds, name=name)


def _spell(part: Any) -> str:
    if isinstance(part, ops.Field):
        return f"{part.rel.name}.{part.name}"
    if isinstance(part, ops.Literal):
        return f"{part.value}:{part.dtype}"
    if isinstance(part, ops.Relation):
        return str(part.name)
    if isinstance(part, ops.Node):
        return f"{type(part).__name__}({', '.join(_spell(one) for one in part.args if one is not None)})"
    if isinstance(part, tuple):
        return "[" + ", ".join(_spell(one) for one in part) + "]"
    return str(part)
