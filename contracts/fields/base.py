"""What every kind of column has in common: its terms, and the two ways of judging a cell.

Kinds themselves lie beside this module, by what they hold.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, get_args

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from contracts import expressions
from contracts.codes import CELL_CODES
from contracts.gates import Gate

if TYPE_CHECKING:
    import ibis.expr.types as ir


class Privacy(StrEnum):
    """Who could be harmed if the column got out."""

    PUBLIC = "public"
    FIRM = "firm"
    PSEUDONYM = "pseudonym"
    PERSON = "person"
    SENSITIVE = "sensitive"


@dataclass(frozen=True)
class Membership:
    """A list a value must be in: a column of a context table, and how much of the value is looked up.

    ``shape``: what else stands in the list counts for nothing, so that a value in it needs no other gate.
    """

    table: str
    column: str
    leading: int | None = None
    shape: Gate | None = field(default=None, compare=False)

    def key(self, typed: ir.Value) -> ir.Value:
        """What is looked up, as an expression."""
        return typed if self.leading is None else typed.substr(0, self.leading)

    def holds(self, value: str, lists: Mapping[str, Set[str]]) -> bool:
        """Whether a value is in the list; a list that is not at hand objects to nothing."""
        return self.table not in lists or value[: self.leading] in lists[self.table]


@dataclass(frozen=True)
class Cell:
    """One column of every row: its text (null when blank), its typed value, and what surrounds it."""

    text: ir.StringValue
    typed: ir.Value
    known: ir.BooleanValue | None
    box_firm_id: ir.StringValue
    box_period: ir.StringValue


class Fault(NamedTuple):
    """A code and the expression that is true where a filled cell earns it."""

    code: str
    when: ir.BooleanValue


@dataclass(frozen=True)
class Surroundings:
    """What a cell's second judgement may look at: box, period, and lists by the name of their table."""

    box_firm_id: str | None = None
    box_period: str | None = None
    lists: Mapping[str, Set[str]] = field(default_factory=dict)


Inner = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """One column: what it means, where its definition comes from, how private it is.

    ``source`` names the element of the participant record layout (PIRL), or of another catalog, that the
    column follows. ``hint`` replaces the general hint of the code in findings about this column; ``hints``,
    by code, those in findings about any column of the kind.
    """

    sql_type: ClassVar[str] = "VARCHAR"
    hints: ClassVar[Mapping[str, str]] = MappingProxyType({})

    description: str
    source: str = ""
    privacy: Privacy = Privacy.PERSON
    hint: str = ""

    @property
    @abstractmethod
    def expected(self) -> str:
        """What a cell must be, in words that complete 'it must be …'."""

    @property
    def column_type(self) -> str:
        """The column's DuckDB type in the lake."""
        return self.sql_type

    @property
    def membership(self) -> Membership | None:
        """The list the value must be in, if there is one."""
        return None

    def typed(self, text: ir.StringValue) -> ir.Value:
        """The typed value; equal cells give equal values. Where the cell is bad it is of no account."""
        return text

    def value(self, text: ir.StringValue) -> ir.Value:
        """The typed value of a cell that was found good: no gate is asked again. For others of no account."""
        return self.typed(text)

    @abstractmethod
    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        """The checks of a filled cell in order; a later one also fails where an earlier one does."""

    @abstractmethod
    def admit(self, text: str, around: Surroundings) -> Any:
        """The second judgement's gate: the text as pydantic shall read it, or ``refusal`` with a code."""

    def core_schema(self) -> CoreSchema:
        """How pydantic turns admitted text into a value."""
        return core_schema.str_schema()

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Blank to None, gate, then pydantic's own reading; every error carries one of our codes."""
        optional = type(None) in get_args(source)

        def judge(value: Any, inner: Inner, info: ValidationInfo) -> Any:
            if value is None or value == "":
                if optional:
                    return None
                raise refusal("CEL-101")
            around = info.context if isinstance(info.context, Surroundings) else Surroundings()
            return inner(self.admit(_as_text(value), around))

        return core_schema.with_info_wrap_validator_function(judge, self.core_schema())


def _as_text(value: Any) -> str:
    """Typed values are judged as the text they are written as; booleans and floats are no such values."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | date) or type(value) is int:
        return str(value)
    raise PydanticCustomError("CEL-110", "a cell is text, a whole number, a Decimal or a date")


def refusal(code: str) -> PydanticCustomError:
    """What a kind raises for a cell it does not admit; says why, never what the cell held."""
    return PydanticCustomError(code, CELL_CODES[code].rationale)


def coded(code: str, schema: CoreSchema) -> CoreSchema:
    """A schema of pydantic's whose every error carries one of our codes."""
    return core_schema.custom_error_schema(
        schema, custom_error_type=code, custom_error_message=CELL_CODES[code].rationale
    )


def holds(condition: ir.BooleanValue) -> ir.BooleanValue:
    """Null counts as not holding."""
    return condition.fill_null(False)


def unknown(cell: Cell) -> ir.BooleanValue:
    """Where a cell's list does not have its value."""
    return expressions.literal(False) if cell.known is None else ~holds(cell.known)
