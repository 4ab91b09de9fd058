"""From a contract to its description. A kind of field that is not known here is refused, never guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from decimal import Decimal
from functools import cache, singledispatch

from contracts.codesets import codeset
from contracts.errors import ContractError
from contracts.fields import (
    BoxFirm,
    BoxQuarter,
    Code,
    Field,
    Flag,
    HexKey,
    IsoDate,
    MultiDigit,
    OneOf,
    Quantity,
    QuarterField,
    Ref,
    Text,
    WholeNumber,
)
from contracts.model import Column, Contract
from contracts.rules import KeyRule, Rule
from contracts.versions.description import (
    Cells,
    Coded,
    ColumnDescription,
    ContractDescription,
    Dated,
    Listed,
    MultiListed,
    Numbered,
    RuleDescription,
    Shaped,
    Words,
)

_INTEGER = 2**31
"""One more than an INTEGER column can hold."""


@cache
def describe(contract: type[Contract]) -> ContractDescription:
    """A contract's description as declared now; ContractError CTR-031 for an unknown kind of field."""
    meta = contract.meta
    rules = [rule for rule in contract.all_rules() if not isinstance(rule, KeyRule)]
    return ContractDescription(
        name=meta.name,
        version=meta.version,
        prefix=meta.prefix,
        key=tuple(sorted(meta.key)),
        dropped_by=meta.dropped_by,
        cadence=meta.cadence,
        strict=meta.strict,
        opt_in=meta.opt_in or None,
        columns=tuple(_describe_column(column) for column in contract.columns()),
        rules=tuple(_describe_rule(contract, rule) for rule in sorted(rules, key=lambda one: one.code)),
        words={"title": meta.title, "description": meta.description, "grain": meta.grain},
    )


def codes_digest(codes: Iterable[str]) -> str:
    """SHA-256 over a code set's codes in order, one a line."""
    return hashlib.sha256("".join(f"{code}\n" for code in sorted(codes)).encode()).hexdigest()


def _describe_rule(contract: type[Contract], rule: Rule) -> RuleDescription:
    from contracts.versions.conditions import condition_of  # loads Ibis, which reading a version does without

    return RuleDescription(
        code=rule.code,
        severity=rule.severity,
        needs=rule.needs,
        reads=rule.reads,
        condition=condition_of(contract, rule),
        words={"message": rule.message, "hint": rule.hint, "rationale": rule.rationale},
    )


def _describe_column(column: Column) -> ColumnDescription:
    kind = column.field
    return ColumnDescription(
        name=column.name,
        kind=type(kind).__name__,
        type=kind.column_type,
        required=column.required,
        cells=cells_of(kind),
        bound_to=_bound_to(kind),
        unit=kind.unit if isinstance(kind, Quantity) else "",
        privacy=kind.privacy,
        words=_words_of(kind),
    )


def _words_of(kind: Field) -> Words:
    words = {name: getattr(kind, name) for name in ("description", "source", "hint", "expected")}
    if isinstance(kind, OneOf | MultiDigit) and not isinstance(kind.values, tuple):
        words |= {f"meaning of {code}": meaning for code, meaning in kind.values.items()}
    return words


def _bound_to(kind: Field) -> str | None:
    if isinstance(kind, BoxFirm):
        return "box.firm_id"
    if isinstance(kind, BoxQuarter):
        return "box.period"
    return f"{kind.contract}.{kind.key}" if isinstance(kind, Ref) else None


@singledispatch
def cells_of(kind: Field) -> Cells:
    """Which texts a cell of this kind may hold, boxes and registers aside."""
    raise ContractError(
        "CTR-031",
        found=f"a column of the kind {type(kind).__name__}",
        expected="a kind of contracts.fields whose texts can be described",
        where="the description of a contract",
        remedy="Register in contracts.versions.describe which texts a cell of this kind may hold.",
    )


@cells_of.register
def _(kind: HexKey) -> Cells:
    return Shaped(pattern=kind.gate.pattern)


@cells_of.register
def _(kind: Text) -> Cells:
    return Shaped(pattern=kind.sized.pattern)


@cells_of.register
def _(kind: QuarterField) -> Cells:
    return Shaped(pattern=kind.shape.pattern)


@cells_of.register
def _(kind: OneOf) -> Cells:
    return Listed(values=tuple(sorted(kind.codes)))


@cells_of.register
def _(kind: Flag) -> Cells:
    del kind
    return Listed(values=("0", "1"))


@cells_of.register
def _(kind: MultiDigit) -> Cells:
    return MultiListed(values=tuple(sorted(kind.codes)))


@cells_of.register
def _(kind: Code) -> Cells:
    if kind.codeset is None:
        return Shaped(pattern=kind.shape.pattern)
    digest = codes_digest(codeset(kind.codeset))
    return Coded(pattern=kind.shape.pattern, code_set=kind.codeset, sha256=digest, leading=kind.leading)


@cells_of.register
def _(kind: Quantity) -> Cells:
    largest = Decimal(10) ** (kind.digits - kind.scale) - Decimal(10) ** -kind.scale
    least, most = max(Decimal(kind.least), -largest), min(Decimal(kind.greatest), largest)
    return Numbered(pattern=kind.shape.pattern, least=_short(least), most=_short(most))


@cells_of.register
def _(kind: WholeNumber) -> Cells:
    least, most = max(kind.least, -_INTEGER), min(kind.most, _INTEGER - 1)
    return Numbered(pattern=kind.shape.pattern, least=str(least), most=str(most))


@cells_of.register
def _(kind: IsoDate) -> Cells:
    patterns = (kind.dashed.pattern, kind.compact.pattern)
    return Dated(patterns=patterns, earliest=kind.earliest, latest=kind.latest)


def _short(number: Decimal) -> str:
    """``1200.00`` and ``1200`` are one bound and written alike."""
    return format(number.normalize() + 0, "f")
