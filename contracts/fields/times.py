"""Kinds of time: calendar days and quarters.

Arithmetic on quarters belongs to ``contracts.quarters``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from pydantic_core import CoreSchema, core_schema

from contracts import expressions
from contracts.fields.base import Cell, Fault, Field, Surroundings, coded, holds, refusal
from contracts.gates import Gate

if TYPE_CHECKING:
    import ibis.expr.types as ir

EARLIEST = date(1950, 1, 1)
LATEST = date(2100, 12, 31)
"""No person of working age and no program of today has dates beyond these; stand-ins for missing have."""


# Year 0000 is 1 BC to some engines and no year at all to others.
_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_REAL_DASHED = Gate(f"{_YEAR}-[0-9]{{2}}-[0-9]{{2}}")
_REAL_COMPACT = Gate(f"{_YEAR}[0-9]{{4}}")


_COMPACT_LENGTH = 8


def _dashed(compact: ir.StringValue) -> ir.StringValue:
    """YYYYMMDD as YYYY-MM-DD."""
    return compact.substr(0, 4) + "-" + compact.substr(4, 2) + "-" + compact.substr(6, 2)


@dataclass(frozen=True, kw_only=True)
class IsoDate(Field):
    """A calendar day within bounds, written YYYY-MM-DD or YYYYMMDD."""

    sql_type: ClassVar[str] = "DATE"
    dashed: ClassVar[Gate] = Gate("[0-9]{4}-[0-9]{2}-[0-9]{2}")
    compact: ClassVar[Gate] = Gate("[0-9]{8}")

    earliest: date = EARLIEST
    latest: date = LATEST

    @property
    def expected(self) -> str:
        return f"a day from {self.earliest} to {self.latest}, written YYYY-MM-DD"

    def typed(self, text: ir.StringValue) -> ir.DateValue:
        iso = expressions.cases(
            (_REAL_DASHED.matches(text), text), (_REAL_COMPACT.matches(text), _dashed(text))
        )
        return iso.try_cast("date")

    def value(self, text: ir.StringValue) -> ir.DateValue:
        return (text.length() == _COMPACT_LENGTH).ifelse(_dashed(text), text).try_cast("date")

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        shapeless = ~(self.dashed.matches(cell.text) | self.compact.matches(cell.text))
        within = cell.typed.between(expressions.date(str(self.earliest)), expressions.date(str(self.latest)))
        return (
            Fault("CEL-120", shapeless),
            Fault("CEL-121", cell.typed.isnull()),
            Fault("CEL-122", ~holds(within)),
        )

    def admit(self, text: str, around: Surroundings) -> str:
        if self.compact.admits(text):
            return f"{text[:4]}-{text[4:6]}-{text[6:]}"
        if not self.dashed.admits(text):
            raise refusal("CEL-120")
        return text

    def core_schema(self) -> CoreSchema:
        bounded = core_schema.date_schema(ge=self.earliest, le=self.latest)
        return core_schema.chain_schema(
            [coded("CEL-121", core_schema.date_schema()), coded("CEL-122", bounded)]
        )


@dataclass(frozen=True, kw_only=True)
class QuarterField(Field):
    """A calendar quarter, written 2026Q1, in the years 0001 to 9999."""

    shape: ClassVar[Gate] = Gate(f"{_YEAR}Q[1-4]")

    @property
    def expected(self) -> str:
        return "a quarter such as 2026Q1"

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (Fault("CEL-130", ~self.shape.matches(cell.text)),)

    def admit(self, text: str, around: Surroundings) -> str:
        if not self.shape.admits(text):
            raise refusal("CEL-130")
        return text


@dataclass(frozen=True, kw_only=True)
class BoxQuarter(QuarterField):
    """The quarter the file is for, said again in every row; any other quarter is a fault."""

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        # A box's period is a quarter, so whatever is malformed also differs from it.
        return (*super().faults(cell), Fault("BOX-002", cell.text != cell.box_period))

    def admit(self, text: str, around: Surroundings) -> str:
        quarter = super().admit(text, around)
        if around.box_period not in (None, quarter):
            raise refusal("BOX-002")
        return quarter
