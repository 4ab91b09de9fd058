"""What a contract is: a pydantic model whose columns come from the field vocabulary, with rules and terms.

Only what contracts have in common belongs here. The contracts themselves lie in ``extracts`` and
``registers``; what is made of them (programs, pages) lies in ``compiler`` and ``render``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from contracts.errors import ContractError
from contracts.fields import Field
from contracts.rules import KeyRule, Rule


class Party(StrEnum):
    """Whose box an extract comes from."""

    FIRM = "firm"
    OPERATOR = "operator"


class Cadence(StrEnum):
    """EVENTS: every period's file adds rows. STATE: a later period's file replaces the whole earlier one."""

    EVENTS = "events"
    STATE = "state"


@dataclass(frozen=True, kw_only=True)
class ContractMeta:
    """A contract's terms; ``prefix`` begins its codes, ``key`` names the columns that tell rows apart.

    ``opt_in``: the column of the register ``membership_agreement`` in which the sending firm must have said
    yes, or the whole file is refused; blank where every member sends.
    """

    name: str
    version: str
    prefix: str
    title: str
    description: str
    grain: str
    key: tuple[str, ...]
    dropped_by: Party
    cadence: Cadence
    strict: bool = True
    opt_in: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a contract."""

    name: str
    field: Field
    required: bool
    in_key: bool


class Contract(BaseModel):
    """The base of every contract; an instance is one row. Its errors never repeat what a cell held."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    meta: ClassVar[ContractMeta]
    rules: ClassVar[tuple[Rule, ...]] = ()

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """Every column, in the contract's order."""
        return _columns(cls)

    @classmethod
    def column(cls, name: str) -> Column:
        """One column by name; ContractError CTR-003 when there is none."""
        for column in cls.columns():
            if column.name == name:
                return column
        raise ContractError(
            "CTR-003",
            found="a column the contract does not have",
            expected="one of " + ", ".join(cls.column_names()),
            where=f"the contract {cls.meta.name}",
            remedy="Use the names of the data dictionary.",
        )

    @classmethod
    def column_names(cls) -> tuple[str, ...]:
        """The names of all columns, in the contract's order."""
        return tuple(column.name for column in cls.columns())

    @classmethod
    def required_columns(cls) -> tuple[str, ...]:
        """The columns that must be in the header and filled in every row."""
        return tuple(column.name for column in cls.columns() if column.required)

    @classmethod
    def key_rule(cls) -> KeyRule:
        """The rule every contract has: its key tells rows apart."""
        key = ", ".join(cls.meta.key)
        return KeyRule(
            code=f"{cls.meta.prefix}-301",
            message=f"several rows of the file have the same {key}",
            hint="Keep one row; every row of the group is named, so that the right one can be chosen.",
            rationale="Of two rows with one key, one is wrong, and only the sender knows which.",
            needs=tuple(name for name in cls.meta.key if cls.column(name).required),
            reads=tuple(name for name in cls.meta.key if not cls.column(name).required),
        )

    @classmethod
    def all_rules(cls) -> tuple[Rule, ...]:
        """Every rule beyond the single cell: of rows, of the key, against other extracts."""
        return (*cls.rules, cls.key_rule())


@cache
def _columns(contract: type[Contract]) -> tuple[Column, ...]:
    return tuple(_column(contract, name) for name in contract.model_fields)


def _column(contract: type[Contract], name: str) -> Column:
    info = contract.model_fields[name]
    fields = [one for one in info.metadata if isinstance(one, Field)]
    if len(fields) != 1:
        raise ContractError(
            "CTR-004",
            found=f"{len(fields)} field kinds on {name}",
            expected="exactly one",
            where=f"the contract {contract.meta.name}",
            remedy="Annotate the column with one kind of contracts.fields.",
        )
    return Column(name, fields[0], info.is_required(), name in contract.meta.key)
