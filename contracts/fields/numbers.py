"""Kinds of number: decimals, money, whole numbers, and yes or no.

Numbers that are only labels are codes and belong to ``lists``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from pydantic_core import CoreSchema, core_schema

from contracts import expressions
from contracts.fields.base import Cell, Fault, Field, Surroundings, coded, holds, refusal
from contracts.gates import Gate

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, kw_only=True)
class Quantity(Field):
    """A decimal number within bounds, with at most ``scale`` decimals; nothing is ever rounded."""

    digits: int = 7
    scale: int = 2
    least: str = "0"
    most: str = ""
    unit: str = ""

    @cached_property
    def shape(self) -> Gate:
        """A sign, at most 18 digits and a point are read; whether it fits is a question of range."""
        return Gate(rf"-?[0-9]{{1,18}}(?:\.[0-9]{{1,{self.scale}}})?")

    @cached_property
    def greatest(self) -> str:
        """The upper bound: the one given, else the largest number the type holds."""
        return self.most or "9" * (self.digits - self.scale) + "." + "9" * self.scale

    @property
    def column_type(self) -> str:
        return f"DECIMAL({self.digits},{self.scale})"

    @property
    def expected(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return f"a number from {self.least} to {self.greatest}{unit} with at most {self.scale} decimals"

    def typed(self, text: ir.StringValue) -> ir.DecimalValue:
        gated = self.shape.matches(text).ifelse(text, expressions.null("string"))
        return gated.try_cast(self.column_type.lower())

    def value(self, text: ir.StringValue) -> ir.DecimalValue:
        return text.try_cast(self.column_type.lower())

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        # A decimal literal would be rounded to a default scale by some engines; text cast to the type is not.
        low, high = (
            expressions.literal(bound).cast(self.column_type.lower()) for bound in (self.least, self.greatest)
        )
        return (
            Fault("CEL-140", ~self.shape.matches(cell.text)),
            Fault("CEL-142", ~holds(cell.typed.between(low, high))),
        )

    def admit(self, text: str, around: Surroundings) -> str:
        if not self.shape.admits(text):
            raise refusal("CEL-140")
        return text

    def core_schema(self) -> CoreSchema:
        bounded = core_schema.decimal_schema(ge=Decimal(self.least), le=Decimal(self.greatest))
        return coded("CEL-142", bounded)


@dataclass(frozen=True, kw_only=True)
class Money(Quantity):
    """US dollars and cents."""

    digits: int = 12
    unit: str = "US dollars"


@dataclass(frozen=True, kw_only=True)
class WholeNumber(Field):
    """A whole number within bounds, both included."""

    sql_type: ClassVar[str] = "INTEGER"
    shape: ClassVar[Gate] = Gate("-?[0-9]{1,18}")

    least: int
    most: int

    @property
    def expected(self) -> str:
        return f"a whole number from {self.least} to {self.most}"

    def typed(self, text: ir.StringValue) -> ir.IntegerValue:
        return self.shape.matches(text).ifelse(text, expressions.null("string")).try_cast("int32")

    def value(self, text: ir.StringValue) -> ir.IntegerValue:
        return text.try_cast("int32")

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (
            Fault("CEL-150", ~self.shape.matches(cell.text)),
            Fault("CEL-152", ~holds(cell.typed.between(self.least, self.most))),
        )

    def admit(self, text: str, around: Surroundings) -> str:
        if not self.shape.admits(text):
            raise refusal("CEL-150")
        return text

    def core_schema(self) -> CoreSchema:
        return coded("CEL-152", core_schema.int_schema(ge=self.least, le=self.most))


@dataclass(frozen=True, kw_only=True)
class Flag(Field):
    """1 for yes, 0 for no; blank is neither."""

    sql_type: ClassVar[str] = "INTEGER"
    hints: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"CEL-160": "Write the digit 1 for yes and 0 for no; Y, N, TRUE and FALSE are not taken."}
    )

    @property
    def expected(self) -> str:
        return "1 (yes) or 0 (no), or blank when not known"

    def typed(self, text: ir.StringValue) -> ir.IntegerValue:
        no = expressions.literal(0, "int32")
        return expressions.cases((text == "1", expressions.literal(1, "int32")), (text == "0", no))

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (Fault("CEL-160", ~cell.text.isin(("0", "1"))),)

    def admit(self, text: str, around: Surroundings) -> str:
        if text not in ("0", "1"):
            raise refusal("CEL-160")
        return text

    def core_schema(self) -> CoreSchema:
        return core_schema.int_schema()
