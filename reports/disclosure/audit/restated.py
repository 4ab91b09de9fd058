"""The primary rules and the width a hidden cell needs, restated from who is behind a cell and from the
policy's values.

Written from the policy's text alone, so that a rule misread by the gate is found here. Whole numbers and
fractions only. Hiding is not decided here, only whether what is shown may be shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from contracts.errors import DisclosureError
from reports.disclosure.audit.evidence import Block, Mask, Whole, linked
from reports.measures import measure

KNOWN_TABLES = frozenset({"rounding", "(known difference)"})
"""Table names of cells that hold what sums miss by rounding or by their definition: known to all, about
nobody.
"""

PEOPLE = ("persons", "rows")
"""Units of systems whose cells count people, or records of them."""

_MOST_DOMINANT = 2
_OFF = 0


@dataclass(frozen=True)
class Nature:
    """What each cell of a block is: four masks. ``is_side``: the part of a count that a rate leaves out;
    ``is_numerator``: the part that it names."""

    is_wage_derived: Mask
    is_of_people: Mask
    is_numerator: Mask
    is_side: Mask
    is_known: Mask

    def at(self, cells: Whole) -> Nature:
        """The same of some of the cells."""
        return Nature(*(getattr(self, one.name)[cells] for one in fields(self)))


def nature(block: Block, facts: Mapping[str, Any]) -> Nature:
    """From what the evidence says of the system (``unit``, ``kind``) and of each cell (``metric_id``,
    ``number``).

    A cell that says nothing of its kind is held to the stricter rules, those for wages.
    """
    keys = [json.loads(key) for key in block.keys]
    numbers = [key.get("number") if isinstance(key, dict) else None for key in keys]
    kind = facts.get("kind")
    wages = [_is_wage_derived(key, kind) for key in keys]
    people = [n != "amount" if n is not None else facts.get("unit") in PEOPLE for n in numbers]
    return Nature(
        is_wage_derived=np.array(wages, dtype=bool),
        is_of_people=np.array(people, dtype=bool),
        is_numerator=np.array([number == "numerator" for number in numbers], dtype=bool),
        is_side=np.array([number == "rest" for number in numbers], dtype=bool),
        is_known=np.array([table in KNOWN_TABLES for table in block.tables], dtype=bool),
    )


def _is_wage_derived(key: Any, kind: Any) -> bool:
    if kind is not None:
        return bool(kind == "wage_derived")
    try:
        return measure(str(key["metric_id"])).is_wage_derived
    except (KeyError, TypeError, DisclosureError):
        return True


@dataclass(frozen=True)
class Rules:
    """What one cell must meet; None where a rule is off. Shares are fractions of the cell.

    ``width``, ``least_width``: how wide a hidden cell must stay, as a share of it and in units;
    ``has_own_level``: at least as wide as the rule is missed by. ``hides_zeros``: empty cells count as well.
    """

    min_persons: int
    min_firms: int
    max_share: Fraction | None
    dominance: tuple[tuple[int, Fraction], ...]
    p_share: Fraction | None
    width: Fraction
    least_width: int
    has_own_level: bool
    hides_zeros: bool

    @classmethod
    def of(cls, policy: Mapping[str, Any], kind: str) -> Rules:
        """The rules of a policy document for a kind of measure (``wage_derived`` or ``count``)."""
        limits = policy[kind]
        share, p_percent = limits["max_firm_share"], limits["p_percent"]
        return cls(
            min_persons=int(limits["min_persons"]),
            min_firms=int(limits["min_firms"]),
            max_share=None if share is None else Fraction(str(share)),
            dominance=tuple((int(n), Fraction(str(k)) / 100) for n, k in limits["dominance"]),
            p_share=None if p_percent is None else Fraction(str(p_percent)) / 100,
            width=Fraction(str(policy["protection"]["share"])),
            least_width=int(policy["protection"]["units"]),
            has_own_level=bool(policy["protection"].get("rule_level", True)),
            hides_zeros=policy["zeros"] == "sensitive",
        )

    def of_numerators(self) -> Rules:
        """What the numerator of a rate must meet: how many firms and what share is asked of the
        denominator.
        """
        return replace(self, min_firms=_OFF, max_share=None)

    def of_sides(self) -> Rules:
        """What the rest of a rate must meet: none, or enough people."""
        return replace(self, min_firms=_OFF, max_share=None, dominance=(), p_share=None)

    @property
    def shares(self) -> tuple[tuple[int, Fraction], ...]:
        """Every limit on what the n largest hold."""
        return self.dominance + (() if self.max_share is None else ((1, self.max_share),))


def behind(block: Block) -> pd.DataFrame:
    """Who is behind each cell: firms, largest, second, persons (−1: not known), top_persons; one row per
    cell.
    """
    if block.ruled is not None:
        known = block.ruled.reindex(range(block.size)).assign(top_persons=-1)
        return known.fillna({"firms": 0, "largest": 0, "second": -1, "persons": -1}).astype("int64")
    parts = block.parts
    order = np.lexsort((-parts.units, parts.cell))
    cell, units, persons = parts.cell[order], parts.units[order], parts.persons[order]
    firms = np.bincount(cell, minlength=block.size)
    start = np.cumsum(firms) - firms
    some, several = firms > 0, firms > 1
    largest, second, top = (np.zeros(block.size, dtype=np.int64) for _ in range(3))
    largest[some], second[several] = units[start[some]], units[start[several] + 1]
    np.maximum.at(top, cell, persons)
    people = np.bincount(cell, weights=np.maximum(persons, 0), minlength=block.size).astype(np.int64)
    is_known = some & (np.bincount(cell[persons < 0], minlength=block.size) == 0)
    return pd.DataFrame(
        {
            "firms": firms,
            "largest": largest,
            "second": second,
            "persons": np.where(is_known, people, -1),
            "top_persons": np.where(is_known, top, -1),
        }
    )


def breaking(block: Block, what: Nature, policy: Mapping[str, Any]) -> Mask:
    """Which cells a primary rule hides. A number that another row may show as well may be shown."""
    spread = behind(block)
    fails = np.zeros(block.size, dtype=bool)
    for mask, rules in _ruled(what, policy):
        of_people = what.is_of_people
        fails[mask] = failing(block.units[mask], spread[mask], rules, is_of_people=of_people[mask])
    fails &= ~what.is_known
    same = _same_number(block)
    harmless = np.zeros(same.max(initial=-1) + 1, dtype=bool)
    harmless[same[~fails & ~what.is_known]] = True
    return np.asarray(fails & ~harmless[same], dtype=bool)


def widths(block: Block, what: Nature, policy: Mapping[str, Any]) -> Whole:
    """How far, on each side, an attacker's interval of a hidden cell must reach: whole units, rounded
    down.
    """
    spread = behind(block)
    needed = np.zeros(block.size, dtype=np.int64)
    for mask, rules in _ruled(what, policy):
        needed[mask] = width(block.units[mask], spread[mask], rules)
    return needed


def _ruled(what: Nature, policy: Mapping[str, Any]) -> Iterator[tuple[Mask, Rules]]:
    """The cells that each set of rules is for."""
    for kind, of_kind in (("wage_derived", what.is_wage_derived), ("count", ~what.is_wage_derived)):
        rules = Rules.of(policy, kind)
        plain = ~what.is_numerator & ~what.is_side
        yield of_kind & plain, rules
        yield of_kind & what.is_numerator, rules.of_numerators()
        yield of_kind & what.is_side, rules.of_sides()


def _same_number(block: Block) -> Whole:
    """The number of the group of cells that equations say are equal, one to one."""
    rows = block.equations
    return linked(rows[np.flatnonzero((np.diff(rows.indptr) == 2) & (rows.sum(axis=1) == 0))])


def failing(units: Whole, spread: pd.DataFrame, rules: Rules, *, is_of_people: Mask | bool) -> Mask:
    """Which cells break ``rules``. Cells of 0 that nobody is behind are safe (structural zeros).

    ``is_of_people``: the units are people, so the cell itself is the number of persons.
    """
    persons = np.where(is_of_people, units, spread["persons"].to_numpy())
    fails = (persons >= 0) & (persons < rules.min_persons)
    fails |= spread["firms"].to_numpy() < rules.min_firms
    for level in _levels(units, spread, rules):
        fails |= level > 0
    if rules.max_share is not None:
        fails |= _exceeds(spread["top_persons"].to_numpy(), spread["persons"].to_numpy(), rules.max_share)
    counts = (units > 0) | (spread["firms"].to_numpy() > 0) | rules.hides_zeros
    return np.asarray(fails & counts, dtype=bool)


def width(units: Whole, spread: pd.DataFrame, rules: Rules) -> Whole:
    """The width that ``rules`` ask for: a share of the cell, so many units, the level a rule is missed by."""
    least = [max(rules.least_width, int(rules.width * int(value))) for value in units.tolist()]
    needed = np.array(least, dtype=object)
    for level in _levels(units, spread, rules) if rules.has_own_level else ():
        needed = np.maximum(needed, level)
    return needed.astype(np.int64)


def _levels(units: Whole, spread: pd.DataFrame, rules: Rules) -> Iterator[Any]:
    """By how many units each rule on shares is missed: above 0 where it fails, at least 1 then."""
    total = units.astype(object)
    first = spread["largest"].to_numpy().astype(object)
    second = spread["second"].to_numpy()
    both = first + second.astype(object)
    for n, share in rules.shares:
        if n <= _MOST_DOMINANT and share > 0:
            missed = (first if n == 1 else both) * share.denominator - total * share.numerator
            yield _lifted(np.where((n == 1) | (second >= 0), missed, 0), share.numerator)
    if rules.p_share is not None:
        share = rules.p_share
        missed = first * share.numerator - (total - both) * share.denominator
        yield _lifted(np.where(second >= 0, missed, 0), share.denominator)


def _lifted(missed: Any, scale: int) -> Any:
    """Rounded down to units, but never down to 0: a rule missed by a hair is missed."""
    return np.where(missed > 0, np.maximum(missed // scale, 1), 0)


def _exceeds(part: Whole, total: Whole, share: Fraction) -> Mask:
    over = part.astype(object) * share.denominator > total.astype(object) * share.numerator
    return np.asarray(over.astype(bool) & (total > 0), dtype=bool)
