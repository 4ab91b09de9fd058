"""Small contracts made to be changed: one call, one version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from contracts.codes import Severity
from contracts.fields import Field, Identifier, IsoDate, Money, OneOf, Privacy, Quantity
from contracts.model import Cadence, Contract, ContractMeta, Party
from contracts.rules import RowRule, Rule

COLUMNS: Mapping[str, tuple[type, Field, bool]] = MappingProxyType(
    {
        "id": (str, Identifier(description="Key.", privacy=Privacy.FIRM), True),
        "kind": (str, OneOf(("A", "B"), description="Kind."), True),
        "hours": (Decimal, Quantity(description="Hours.", most="1200", unit="hours"), False),
        "paid": (Decimal, Money(description="Paid."), False),
        "day": (date, IsoDate(description="Day."), False),
    }
)
"""Type, kind and whether required, by name."""


def within(limit: int, severity: Severity = Severity.ERROR, message: str = "too long") -> RowRule:
    """Hours are at most so many."""
    return RowRule(
        code="TRL-201",
        needs=("hours",),
        ok=lambda row: row.hours <= limit,
        severity=severity,
        message=message,
        hint="h",
        rationale="r",
    )


def trial(
    columns: Mapping[str, tuple[type, Field, bool] | None] | None = None,
    rules: tuple[Rule, ...] = (),
    **meta: Any,
) -> type[Contract]:
    """A contract with some columns replaced, added, or (None) dropped, and some terms replaced."""
    chosen = {name: one for name, one in {**COLUMNS, **(columns or {})}.items() if one is not None}
    terms: dict[str, Any] = {
        "name": "trial",
        "version": "1.0.0",
        "prefix": "TRL",
        "title": "Trial",
        "description": "A contract on trial.",
        "grain": "id",
        "key": ("id",),
        "dropped_by": Party.FIRM,
        "cadence": Cadence.EVENTS,
    }
    annotations: dict[str, Any] = {"meta": ClassVar[ContractMeta], "rules": ClassVar[tuple[Rule, ...]]}
    body: dict[str, Any] = {"meta": ContractMeta(**{**terms, **meta}), "rules": rules}
    for name, (python, kind, required) in chosen.items():
        annotations[name] = Annotated[python if required else python | None, kind]
        if not required:
            body[name] = None
    return type(Contract)(
        "Trial", (Contract,), {**body, "__annotations__": annotations, "__module__": __name__}
    )


def changed(name: str, *, required: bool | None = None, **terms: Any) -> dict[str, tuple[type, Field, bool]]:
    """One column with some terms of its kind replaced."""
    python, kind, was_required = COLUMNS[name]
    needed = was_required if required is None else required
    return {name: (python, replace(kind, **terms), needed)}
