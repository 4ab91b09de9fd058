"""Kinds of code: closed lists of our own, and codes of published sets.

The published sets themselves lie in ``contracts.codesets``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from contracts.fields.base import Cell, Fault, Field, Membership, Privacy, Surroundings, refusal, unknown
from contracts.gates import Gate


@dataclass(frozen=True, kw_only=True)
class OneOf(Field):
    """One code of a closed list; a mapping also says what each code means."""

    values: Mapping[str, str] | tuple[str, ...] = field(kw_only=False, hash=False)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in the order of the list."""
        return tuple(self.values)

    @property
    def expected(self) -> str:
        return "one of " + ", ".join(self.codes)

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (Fault("CEL-160", ~cell.text.isin(self.codes)),)

    def admit(self, text: str, around: Surroundings) -> str:
        if text not in self.codes:
            raise refusal("CEL-160")
        return text


@dataclass(frozen=True, kw_only=True)
class MultiDigit(Field):
    """Several one-digit codes written together (``18``), each at most once, in any order."""

    values: Mapping[str, str] = field(kw_only=False, hash=False)

    @property
    def codes(self) -> str:
        """The digits that may occur."""
        return "".join(self.values)

    @cached_property
    def shape(self) -> Gate:
        """Only listed digits."""
        return Gate(f"[{self.codes}]{{1,{len(self.codes)}}}")

    @cached_property
    def repeats(self) -> Gate:
        """Some digit twice; spelled out because no engine shares back-references."""
        some = f"[{self.codes}]*"
        return Gate(some + "(?:" + "|".join(f"{d}{some}{d}" for d in self.codes) + ")" + some)

    @property
    def expected(self) -> str:
        return f"digits out of {self.codes}, each at most once"

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        return (Fault("CEL-160", ~self.shape.matches(cell.text) | self.repeats.matches(cell.text)),)

    def admit(self, text: str, around: Surroundings) -> str:
        listed = bool(text) and set(text) <= set(self.codes)
        if not (listed and len(set(text)) == len(text)):
            raise refusal("CEL-160")
        return text


@dataclass(frozen=True, kw_only=True)
class Code(Field):
    """A code of a given shape, in a published code set if one is named.

    ``leading``: only so many first characters are looked up (an O*NET-SOC code by its SOC). Where a code is
    looked up whole, the set's codes all have the shape, so that the set decides alone.
    """

    codeset: str | None = field(kw_only=False)
    shape: Gate
    like: str
    leading: int | None = None
    privacy: Privacy = Privacy.PUBLIC

    @property
    def membership(self) -> Membership | None:
        if self.codeset is None:
            return None
        return Membership(f"codeset_{self.codeset}", "code", self.leading)

    @property
    def expected(self) -> str:
        edition = f" of the code set {self.codeset}" if self.codeset else ""
        return f"a code like {self.like}{edition}"

    def faults(self, cell: Cell) -> tuple[Fault, ...]:
        misshapen = ~self.shape.matches(cell.text)
        if self.membership is None:
            return (Fault("CEL-170", misshapen),)
        unlisted = unknown(cell) if self.leading is None else misshapen | unknown(cell)
        return (Fault("CEL-170", misshapen), Fault("CEL-171", unlisted))

    def admit(self, text: str, around: Surroundings) -> str:
        if not self.shape.admits(text):
            raise refusal("CEL-170")
        known = self.membership is None or self.membership.holds(text, around.lists)
        if not (known):
            raise refusal("CEL-171")
        return text
