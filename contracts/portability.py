"""What a program must not use, because engines disagree on it; the compiler refuses it.

Each entry was found by comparing engines over awkward texts: they round, raise, accept other digits, or are
missing somewhere. Which patterns a regular expression may use is decided in ``gates``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis.expr.operations as ops
import ibis.expr.types as ir

from contracts.errors import ContractError
from contracts.gates import ANCHORED, Gate

_ABSENT_SOMEWHERE = (
    *(ops.RegexReplace, ops.RegexExtract, ops.RegexSplit, ops.StringSplit, ops.Levenshtein),
    *(ops.Reverse, ops.LStrip, ops.RStrip, ops.Hash, ops.IsNan, ops.Uppercase, ops.Lowercase),
)
_GATED = (ops.IfElse, ops.SearchedCase)


@dataclass(frozen=True)
class _Refusal:
    """Something engines disagree on, and what to write instead."""

    found: Callable[[Any], bool]
    words: str
    remedy: str


def _is_text(op: Any) -> bool:
    return bool(op.dtype.is_string()) and not isinstance(op, ops.Literal)


def _casts(op: Any) -> bool:
    return isinstance(op, ops.Cast | ops.TryCast)


def _has_loose_pattern(op: Any) -> bool:
    if not isinstance(op, ops.RegexSearch):
        return False
    pattern = op.pattern.value if isinstance(op.pattern, ops.Literal) else ""
    anchored = ANCHORED.fullmatch(pattern)
    if anchored is not None:
        Gate(anchored["inner"])
    return anchored is None


_REFUSALS = (
    _Refusal(
        lambda op: type(op) is ops.Divide,
        "a division",
        "multiply the other side instead",
    ),
    _Refusal(
        lambda op: (
            isinstance(op, ops.FloorDivide | ops.Modulus)
            and not (isinstance(op.right, ops.Literal) and op.right.value)
        ),
        "a divisor that can be zero",
        "divide by a constant",
    ),
    _Refusal(
        lambda op: op.dtype.is_floating() or op.dtype.is_timestamp() or op.dtype.is_time(),
        "a float, a timestamp or a time",
        "use decimals, whole numbers and dates",
    ),
    _Refusal(
        lambda op: isinstance(op, ops.Literal) and op.dtype.is_decimal(),
        "a decimal constant",
        "write its text and cast it: ibis.literal('7.25').cast('decimal(4,2)')",
    ),
    _Refusal(
        lambda op: _casts(op) and op.arg.dtype.is_decimal() and op.to.is_integer(),
        "a cast from decimal to whole number",
        "compare decimals with decimals",
    ),
    _Refusal(
        lambda op: isinstance(op, ops.Cast) and _is_text(op.arg) and not op.to.is_string(),
        "a cast of text that may fail",
        "gate the text and use try_cast",
    ),
    _Refusal(
        lambda op: isinstance(op, ops.TryCast) and _is_text(op.arg) and not isinstance(op.arg, _GATED),
        "an ungated try_cast",
        "let a gate decide first: gate.matches(text).ifelse(text, null)",
    ),
    _Refusal(_has_loose_pattern, "a regular expression without anchors", "use Gate(...).matches(text)"),
    _Refusal(
        lambda op: isinstance(op, _ABSENT_SOMEWHERE),
        "a function that is missing or different on some engine",
        "keep to comparison, substr, length, concatenation and gates",
    ),
)


def refuse_unportable(expression: ir.Table, where: str) -> None:
    """ContractError CTR-007 when an expression uses what engines do not agree on."""
    for op in expression.op().find(ops.Value):
        for refusal in _REFUSALS:
            if refusal.found(op):
                raise ContractError(
                    "CTR-007",
                    found=refusal.words,
                    expected="what every engine computes alike",
                    where=where,
                    remedy=f"In rules and kinds of field, {refusal.remedy}.",
                )
