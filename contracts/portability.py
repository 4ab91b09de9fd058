"""What a program must not use, because engines disagree on it; the compiler refuses it.

Each entry was found by comparing engines over awkward texts: they round, raise, accept other digits, or are
missing somewhere. What nobody has compared yet is refused too. Which patterns a regular expression may use is
decided in ``gates``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

from contracts.errors import ContractError
from contracts.gates import ANCHORED, Gate
from contracts.versions.patterns import term_of_pattern
from contracts.versions.terms import Terms

_COMPARED = (
    *(ops.Field, ops.Literal, ops.Cast, ops.TryCast, ops.IfElse, ops.SearchedCase, ops.Coalesce, ops.NullIf),
    *(ops.And, ops.Or, ops.Not, ops.IsNull, ops.NotNull, ops.InValues, ops.Between),
    *(ops.Equals, ops.NotEquals, ops.Less, ops.LessEqual, ops.Greater, ops.GreaterEqual),
    *(ops.Add, ops.Subtract, ops.Multiply, ops.FloorDivide, ops.Modulus),
    *(ops.RegexSearch, ops.Substring, ops.StringLength, ops.StringConcat, ops.Strip),
    *(ops.StartsWith, ops.EndsWith, ops.StringContains),
    *(ops.CountStar, ops.Count, ops.Sum, ops.Min, ops.Max),
    *(ops.Array, ops.Unnest, ops.StructColumn, ops.StructField),
)
"""Values that every engine computes alike; a new one is compared on all of them before it is listed."""

_TABLES = (
    *(ops.UnboundTable, ops.Project, ops.Filter, ops.Aggregate, ops.Distinct, ops.DropNull),
    *(ops.JoinChain, ops.JoinLink, ops.JoinReference),
)
_MOST_DIGITS = 37
_WHOLE = r"-?[0-9]{1,18}"
_REAL_DAY = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])-[0-9]{2}-[0-9]{2}"
_DIGITS_OF_INTEGERS = {1: 3, 2: 5, 4: 10, 8: 19}


@dataclass(frozen=True)
class _Refusal:
    """Something engines disagree on, and what to write instead."""

    found: Callable[[Any], bool]
    words: str
    remedy: str


def _is_text(op: Any) -> bool:
    return bool(op.dtype.is_string()) and not isinstance(op, ops.Literal)


def _is_null(op: Any) -> bool:
    return isinstance(op, ops.Literal) and op.value is None


def _has_loose_pattern(op: Any) -> bool:
    if not isinstance(op, ops.RegexSearch):
        return False
    inner = _inner(op)
    if inner is not None:
        Gate(inner)
    return inner is None


def _inner(op: ops.RegexSearch) -> str | None:
    """The gate's own pattern; None where a pattern is not anchored at both ends."""
    pattern = op.pattern.value if isinstance(op.pattern, ops.Literal) else ""
    anchored = ANCHORED.fullmatch(pattern)
    return anchored["inner"] if anchored else None


def _casts_text(op: Any) -> bool:
    return isinstance(op, ops.TryCast) and _is_text(op.arg)


def _is_ungated(op: Any) -> bool:
    """A tolerant cast of text that some gate does not stand before."""
    return _casts_text(op) and any(gate is None for gate, _ in _branches(op.arg))


def _is_gated_in_name_only(op: Any) -> bool:
    """A gate that lets texts through which engines read differently, or round."""
    if not _casts_text(op):
        return False
    whole = [gate for gate, text in _branches(op.arg) if gate is not None and gate.arg == text]
    return any(_lets_more_through(_inner(gate) or "", _read_alike(op.to)) for gate in whole)


def _branches(text: Any) -> Iterator[tuple[ops.RegexSearch | None, Any]]:
    """Every text that may reach a cast, with the gate it has passed; nulls need none."""
    if isinstance(text, ops.IfElse):
        pairs, default = [(text.bool_expr, text.true_expr)], text.false_null_expr
    elif isinstance(text, ops.SearchedCase):
        pairs, default = list(zip(text.cases, text.results, strict=True)), text.default
    else:
        pairs, default = [], text
    for condition, result in pairs:
        if not _is_null(result):
            yield condition if isinstance(condition, ops.RegexSearch) else None, result
    if not _is_null(default):
        yield None, default


def _read_alike(to: dt.DataType) -> str:
    """The texts that every engine casts to the same value of a type; none for other types."""
    if isinstance(to, dt.Decimal):
        return rf"{_WHOLE}(?:\.[0-9]{{1,{to.scale}}})?" if to.scale else _WHOLE
    if to.is_integer():
        return _WHOLE
    return _REAL_DAY if to.is_date() else ""


@cache
def _lets_more_through(pattern: str, alike: str) -> bool:
    terms = Terms()
    further = terms.both(term_of_pattern(terms, pattern), terms.other_than(term_of_pattern(terms, alike)))
    return terms.shortest(further) is not None


def _has_too_many_digits(op: Any) -> bool:
    if not op.dtype.is_decimal() or isinstance(op, ops.Literal):
        return False
    return sum(_digits(op)) > _MOST_DIGITS


def _digits(op: Any) -> tuple[int, int]:
    """Digits before and behind the point that a number may take, as the most generous engine reckons."""
    if isinstance(op, ops.Multiply):
        (one, its), (other, others) = _digits(op.left), _digits(op.right)
        return one + other + 1, its + others
    if isinstance(op, ops.Add | ops.Subtract):
        (one, its), (other, others) = _digits(op.left), _digits(op.right)
        return max(one, other) + 1, max(its, others)
    if isinstance(op, ops.Sum):
        before, behind = _digits(op.arg)
        return before + 10, behind
    if isinstance(op.dtype, dt.Decimal):
        scale = op.dtype.scale or 0
        return (op.dtype.precision or _MOST_DIGITS + 1) - scale, scale
    return _DIGITS_OF_INTEGERS.get(getattr(op.dtype, "nbytes", 8), 19), 0


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
        lambda op: (
            isinstance(op, ops.Cast | ops.TryCast) and op.arg.dtype.is_decimal() and op.to.is_integer()
        ),
        "a cast from decimal to whole number",
        "compare decimals with decimals",
    ),
    _Refusal(
        lambda op: isinstance(op, ops.Cast) and _is_text(op.arg) and not op.to.is_string(),
        "a cast of text that may fail",
        "gate the text and use try_cast",
    ),
    _Refusal(
        lambda op: _casts_text(op) and not _read_alike(op.to),
        "a text cast to a type that engines read differently",
        "cast to decimals, whole numbers and dates only",
    ),
    _Refusal(_has_loose_pattern, "a regular expression without anchors", "use Gate(...).matches(text)"),
    _Refusal(
        _is_ungated,
        "an ungated try_cast",
        "let a gate decide first: gate.matches(text).ifelse(text, null)",
    ),
    _Refusal(
        _is_gated_in_name_only,
        "a gate before a cast that lets more through than engines read alike",
        "bound the digits to 18 and to the type's decimals, and years to 0001-9999",
    ),
    _Refusal(
        _has_too_many_digits,
        f"a number that may need more than {_MOST_DIGITS} digits",
        "use types with fewer digits, or compare in smaller steps",
    ),
    _Refusal(
        lambda op: not isinstance(op, _COMPARED) and not _is_sha256(op),
        "a function that is missing or different on some engine, or was never compared",
        "keep to comparison, substr, length, concatenation and gates",
    ),
)


def _is_sha256(op: Any) -> bool:
    return isinstance(op, ops.HexDigest) and op.how == "sha256"


def refuse_unportable(expression: ir.Table, where: str) -> None:
    """ContractError CTR-007 when an expression uses what engines do not agree on."""
    for op in expression.op().find((ops.Value, ops.Relation)):
        if isinstance(op, ops.Relation):
            if not isinstance(op, _TABLES):
                raise _unportable("a table of its own or a union", "name a context table", where)
            continue
        for refusal in _REFUSALS:
            if refusal.found(op):
                raise _unportable(refusal.words, refusal.remedy, where)


def _unportable(words: str, remedy: str, where: str) -> ContractError:
    return ContractError(
        "CTR-007",
        found=words,
        expected="what every engine computes alike",
        where=where,
        remedy=f"In rules and kinds of field, {remedy}.",
    )
