"""Every kind of field in several settings, those of all contracts among them; and good texts of each.

Good means: near enough to what the kind takes that a small change decides. Texts with a fault in them belong
to ``nasty_cells`` and ``generated_cells``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from contracts import CONTRACTS
from contracts.codesets import codeset
from contracts.fields import (
    BoxFirm,
    BoxQuarter,
    Code,
    Field,
    Flag,
    HexKey,
    Identifier,
    IsoDate,
    Money,
    MultiDigit,
    OneOf,
    Quantity,
    QuarterField,
    Ref,
    Text,
    WholeNumber,
)
from contracts.gates import Gate

SAID = {"description": "A cell on trial."}
BOX_FIRM, BOX_PERIOD = "F01", "2026Q1"
REGISTERED = ("P01", "P02", "C-1", "a.b_c", "Z" * 32, "-P9", "P 0", "Ä1", "=1", "Z" * 33)
"""What every register on trial knows: the last five are no identifiers, and no judge may take them."""

_WORDS = frozenset(("description", "source", "hint", "privacy", "unit"))
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
Random = np.random.Generator


@dataclass(frozen=True)
class Trial:
    """One setting of one kind of field."""

    name: str
    field: Field

    @property
    def python(self) -> type:
        """The type of an accepted value."""
        match self.field:
            case Quantity():
                return Decimal
            case WholeNumber() | Flag():
                return int
            case IsoDate():
                return date
            case _:
                return str

    def good(self, random: Random, count: int) -> list[str]:
        """So many texts that the kind takes, or almost."""
        return _good(self.field, random, count)


_CURATED: tuple[Field, ...] = (
    HexKey(**SAID),
    Identifier(**SAID),
    Identifier(most=3, **SAID),
    Text(most=2, **SAID),
    Text(most=20, **SAID),
    BoxFirm(**SAID),
    Ref("program", key="program_id", **SAID),
    IsoDate(**SAID),
    IsoDate(earliest=_FIRST, latest=_LAST, **SAID),
    IsoDate(earliest=date(2024, 2, 28), latest=date(2024, 3, 1), **SAID),
    QuarterField(**SAID),
    BoxQuarter(**SAID),
    Money(**SAID),
    Money(least="-5.25", most="5.25", **SAID),
    Quantity(most="1200", **SAID),
    Quantity(digits=18, scale=1, **SAID),
    Quantity(digits=3, scale=2, least="-9.99", **SAID),
    WholeNumber(least=14, most=99, **SAID),
    WholeNumber(least=-(2**31), most=2**31 - 1, **SAID),
    WholeNumber(least=-1, most=1, **SAID),
    Flag(**SAID),
    OneOf(("00", "01", "FT"), **SAID),
    OneOf(("a", "A", "é", "0"), **SAID),
    MultiDigit({str(digit): "" for digit in range(1, 10)}, **SAID),
    MultiDigit({"1": "", "2": ""}, **SAID),
    Code("soc_2018", shape=Gate("[0-9]{2}-[0-9]{4}"), like="49-9041", **SAID),
    Code("soc_2018", shape=Gate(r"[0-9]{2}-[0-9]{4}\.[0-9]{2}"), like="49-9041.00", leading=7, **SAID),
    Code(None, shape=Gate("[0-9]{5}"), like="06037", **SAID),
)


def _all_trials() -> Iterator[tuple[str, Trial]]:
    seen: set[Any] = set()
    declared = [
        (f"{of.meta.name}.{one.name}", one.field) for of in CONTRACTS.values() for one in of.columns()
    ]
    for origin, kind in [*((f"trial {n}", kind) for n, kind in enumerate(_CURATED, 1)), *declared]:
        settings = _settings(kind)
        if settings not in seen:
            seen.add(settings)
            yield type(kind).__name__, Trial(origin, kind)


def _settings(kind: Field) -> tuple[object, ...]:
    """What of a kind decides about cells."""
    decides = [one.name for one in dataclasses.fields(kind) if one.name not in _WORDS]
    return (type(kind), *(str(getattr(kind, name)) for name in decides))


def _by_kind() -> dict[str, tuple[Trial, ...]]:
    trials = list(_all_trials())
    return {
        kind: tuple(one for name, one in trials if name == kind) for kind in sorted({k for k, _ in trials})
    }


TRIALS = _by_kind()
"""The settings on trial by the name of their kind."""


def _good(kind: Field, random: Random, count: int) -> list[str]:
    match kind:
        case HexKey():
            return [random.bytes(32).hex() for _ in range(count)]
        case Ref():
            return _mixed(random, count, list(REGISTERED), _identifiers(kind.most))
        case BoxFirm():
            return _mixed(random, count, [BOX_FIRM, BOX_FIRM, "F02", "F0", "F011"], _identifiers(kind.most))
        case Identifier():
            return _identifiers(kind.most)(random, count)
        case Text():
            return _words("abzAZ059 .,'&()-/=+@éßЖ漢🦉\u00a0", kind.most)(random, count)
        case IsoDate():
            return _days(kind, random, count)
        case QuarterField():
            return _mixed(random, count, [BOX_PERIOD, "2026Q2"], _quarters)
        case Quantity():
            return _decimals(kind, random, count)
        case WholeNumber():
            return _whole_numbers(kind, random, count)
        case Flag():
            return _picked(random, count, ["0", "1"])
        case OneOf():
            return _picked(random, count, list(kind.codes))
        case MultiDigit():
            return [
                "".join(random.permutation(list(kind.codes))[: random.integers(1, 10)]) for _ in range(count)
            ]
        case Code():
            listed = sorted(codeset(kind.codeset)) if kind.codeset else [kind.like]
            tail = kind.like[kind.leading :] if kind.leading else ""
            return _mixed(random, count, [code + tail for code in listed], _like(kind.like))
    raise NotImplementedError(f"no good texts are known of {type(kind).__name__}")


Draw = Callable[[Random, int], list[str]]


def _picked(random: Random, count: int, pool: list[str]) -> list[str]:
    return [pool[place] for place in random.integers(0, len(pool), count).tolist()]


def _mixed(random: Random, count: int, pool: list[str], draw: Draw) -> list[str]:
    """Half from a pool, half drawn."""
    return [*_picked(random, count // 2, pool), *draw(random, count - count // 2)]


def _words(letters: str, most: int) -> Draw:
    """Words up to a letter more than ``most``, the longest as often as all others together."""

    def draw(random: Random, count: int) -> list[str]:
        lengths = np.where(
            random.random(count) < 0.5,
            random.integers(1, most + 2, count),
            random.integers(max(1, most - 1), most + 2, count),
        )
        letter = np.array(list(letters))
        return ["".join(letter[random.integers(0, len(letter), length)]) for length in lengths.tolist()]

    return draw


def _identifiers(most: int) -> Draw:
    return _words("ABCxyz019_.-", most)


def _like(example: str) -> Draw:
    """Texts like an example, its digits and letters drawn anew."""

    def letter(random: Random, was: str) -> str:
        pool = "0123456789" if was.isdigit() else "abcdef" if was.islower() else "ABCXYZ"
        return pool[int(random.integers(0, len(pool)))] if was.isalnum() else was

    return lambda random, count: ["".join(letter(random, was) for was in example) for _ in range(count)]


def _days(kind: IsoDate, random: Random, count: int) -> list[str]:
    """Days of the calendar, near the bounds first; triples of numbers that may be no day."""
    third = count // 3
    edges = np.array([kind.earliest.toordinal(), kind.latest.toordinal()])
    near = edges[random.integers(0, 2, third)] + random.integers(-40, 41, third)
    any_day = random.integers(1, _LAST.toordinal() + 1, third)
    ordinals = np.clip(np.concatenate([near, any_day]), 1, _LAST.toordinal())
    days = [(_FIRST + timedelta(days=int(one) - 1)).isoformat() for one in ordinals]
    rest = count - len(days)
    parts = zip(
        random.integers(0, 10_000, rest),
        random.integers(0, 14, rest),
        random.integers(0, 33, rest),
        strict=True,
    )
    days += [f"{year:04}-{month:02}-{day:02}" for year, month, day in parts]
    compact = random.random(count) < 0.4
    return [day.replace("-", "") if short else day for day, short in zip(days, compact, strict=True)]


def _quarters(random: Random, count: int) -> list[str]:
    years, quarters = random.integers(0, 10_000, count), random.integers(0, 6, count)
    return [f"{year:04}Q{quarter}" for year, quarter in zip(years, quarters, strict=True)]


def _decimals(kind: Quantity, random: Random, count: int) -> list[str]:
    """Numbers on the grid of the last decimal: near the bounds or of any size; maybe one too many."""
    ten = 10**kind.scale
    edges = [int(Decimal(kind.least) * ten), int(Decimal(kind.greatest) * ten), 0]
    near = [edges[n] for n in random.integers(0, 3, count // 2).tolist()]
    small = random.integers(-3 * ten, 3 * ten + 1, count // 2).tolist()
    units = [edge + step for edge, step in zip(near, small, strict=True)]
    units += _any_size(random, count - len(units))
    decimals = random.integers(0, kind.scale + 2, count).tolist()
    zeros = _picked(random, count, ["", "", "", "", "0", "000"])
    return [_written(u, kind.scale, d, z) for u, d, z in zip(units, decimals, zeros, strict=True)]


def _written(units: int, scale: int, decimals: int, zeros: str) -> str:
    """A number of units at ``scale`` with so many decimals, cut or filled up; zeros in front."""
    whole, part = divmod(abs(units), 10**scale)
    digits = f"{part:0{scale}}" + "05"[units % 2]
    point = "." + digits[:decimals] if decimals else ""
    return ("-" if units < 0 else "") + zeros + str(whole) + point


def _whole_numbers(kind: WholeNumber, random: Random, count: int) -> list[str]:
    edges = [kind.least, kind.most, 0]
    near = [edges[n] for n in random.integers(0, 3, count // 2).tolist()]
    steps = random.integers(-60, 61, count // 2).tolist()
    numbers = [edge + step for edge, step in zip(near, steps, strict=True)]
    numbers += _any_size(random, count - len(numbers))
    zeros = _picked(random, count, ["", "", "", "", "0", "000"])
    return [("-" if n < 0 else "") + z + str(abs(n)) for n, z in zip(numbers, zeros, strict=True)]


def _any_size(random: Random, count: int) -> list[int]:
    """Whole numbers of one to forty digits, a tenth below zero."""
    sizes = random.integers(1, 41, count).tolist()
    digits = random.integers(0, 10, (count, 40))
    signs = np.where(random.random(count) < 0.1, -1, 1).tolist()
    texts = ["".join(map(str, row[:size])) for row, size in zip(digits.tolist(), sizes, strict=True)]
    return [sign * int(text) for sign, text in zip(signs, texts, strict=True)]
