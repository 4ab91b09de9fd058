"""Kinds of text: keys, identifiers, free text, and identifiers that something else must know.

Codes with a published list belong to ``lists``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from contracts.fields.base import Cell, Fault, Field, Membership, Privacy, Surroundings, refusal, unknown
from contracts.gates import Gate

_KEY_LENGTH = 64


@dataclass(frozen=True, kw_only=True)
class HexKey(Field):
    """64 lower-case hexadecimal digits: a SHA-256 or HMAC-SHA-256 computed at the firm."""

    gate: ClassVar[Gate] = Gate(f"[0-9a-f]{{{_KEY_LENGTH}}}")
    _digits: ClassVar[Gate] = Gate("[0-9a-f]+")
    privacy: Privacy = Privacy.PSEUDONYM

    @property
    def expected(self) -> str:
        return "64 hexadecimal digits in lower case"

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        # The same as the gate, and quicker: engines count to 64 in a loop of states, and length in none.
        right = self._digits.matches(cell.text) & (cell.text.length() == _KEY_LENGTH)
        return (Fault("CEL-110", ~right),)

    def admit(self, text: str, around: Surroundings) -> str:
        if not self.gate.admits(text):
            raise refusal("CEL-110")
        return text


@dataclass(frozen=True, kw_only=True)
class Text(Field):
    """One line of free text: no control characters, no blanks at the ends, no formula."""

    most: int

    _plain: ClassVar[str] = r"[^\x00-\x1F\x7F]"
    _first: ClassVar[str] = r"[^\x00-\x20\x7F=+@-]"
    _last: ClassVar[str] = r"[^\x00-\x20\x7F]"

    @cached_property
    def shape(self) -> Gate:
        """The shape at any length."""
        return Gate(f"{self._first}(?:{self._plain}*{self._last})?")

    @cached_property
    def sized(self) -> Gate:
        """The shape within the length."""
        return Gate(f"{self._first}(?:{self._plain}{{0,{self.most - 2}}}{self._last})?")

    @property
    def expected(self) -> str:
        return (
            f"one line of at most {self.most} characters, with no blanks around it, not starting with = + - @"
        )

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        shapeless, oversized = ~self.shape.matches(cell.text), ~self.sized.matches(cell.text)
        return (Fault("CEL-110", shapeless), Fault("CEL-111", oversized))

    def admit(self, text: str, around: Surroundings) -> str:
        if not self.shape.admits(text):
            raise refusal("CEL-110")
        if not (len(text) <= self.most):
            raise refusal("CEL-111")
        return text


@dataclass(frozen=True, kw_only=True)
class Identifier(Text):
    """An opaque identifier: letters, digits, point, hyphen and underscore, at most 32 characters."""

    most: int = 32

    @cached_property
    def shape(self) -> Gate:
        return Gate("[A-Za-z0-9][A-Za-z0-9_.-]*")

    @cached_property
    def sized(self) -> Gate:
        return Gate(f"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{self.most - 1}}}")

    @property
    def expected(self) -> str:
        return f"an identifier of at most {self.most} letters, digits, points, hyphens and underscores"


@dataclass(frozen=True, kw_only=True)
class BoxFirm(Identifier):
    """The firm whose box the file came from; any other firm is a fault, and never told who it is."""

    privacy: Privacy = Privacy.FIRM

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        # A box's own name is an identifier, so whatever is malformed also differs from it.
        return (*super().faults(cell), Fault("BOX-001", cell.text != cell.box_firm_id))

    def admit(self, text: str, around: Surroundings) -> str:
        known = super().admit(text, around)
        if around.box_firm_id not in (None, known):
            raise refusal("BOX-001")
        return known


@dataclass(frozen=True, kw_only=True)
class Ref(Identifier):
    """An identifier that another contract's accepted rows must know, in the whole consortium."""

    contract: str = field(kw_only=False)
    key: str

    @property
    def membership(self) -> Membership:
        return Membership(f"ref_{self.contract}", self.key, shape=self.sized)

    @property
    def expected(self) -> str:
        return f"a {self.key} of the register {self.contract}"

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        # Of the register only well-formed identifiers count, so whatever is malformed is also unknown.
        return (*super().faults(cell), Fault("CEL-190", unknown(cell)))

    def admit(self, text: str, around: Surroundings) -> str:
        value = super().admit(text, around)
        if not self.membership.holds(value, around.lists):
            raise refusal("CEL-190")
        return value
