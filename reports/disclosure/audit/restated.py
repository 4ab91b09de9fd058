"""The primary rules and the width a hidden cell needs, restated from who is behind a cell and from the
policy's values.

Written from the policy's text alone, so that a rule misread by the gate is found here. Whole numbers and
fractions only. Hiding is not decided here, only whether what is shown may be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from reports.disclosure.audit.evidence import Block, Mask, Whole

ROUNDING = "rounding"
"""The table name of cells that hold what a source's rounding left over: known to everybody, about nobody."""

_MOST_DOMINANT = 2


@dataclass(frozen=True)
class Rules:
    """What one cell must meet; None where a rule is off. Shares are fractions of the cell.

    ``width``, ``least_width``: how wide a hidden cell must stay, as a share of it and in units;
    ``has_own_level``: at least as wide as the rule is missed by. ``hides_zeros``: empty cells count as well.
    """

    min_persons: int
    min_firms: int
    largest: tuple[tuple[int, Fraction], ...]
    p_share: Fraction | None
    width: Fraction
    least_width: int
    has_own_level: bool
    hides_zeros: bool

    @classmethod
    def of(cls, policy: Mapping[str, Any], kind: str) -> Rules:
        """The rules of a policy document for a kind of measure (``wage_derived`` or ``count``)."""
        limits = policy[kind]
        largest = [(int(n), Fraction(str(k)) / 100) for n, k in limits["dominance"]]
        if limits["max_firm_share"] is not None:
            largest.append((1, Fraction(str(limits["max_firm_share"]))))
        p_percent = limits["p_percent"]
        return cls(
            min_persons=int(limits["min_persons"]),
            min_firms=int(limits["min_firms"]),
            largest=tuple(largest),
            p_share=None if p_percent is None else Fraction(str(p_percent)) / 100,
            width=Fraction(str(policy["protection"]["share"])),
            least_width=int(policy["protection"]["units"]),
            has_own_level=bool(policy["protection"].get("rule_level", True)),
            hides_zeros=policy["zeros"] == "sensitive",
        )


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


def failing(units: Whole, spread: pd.DataFrame, rules: Rules, *, is_of_persons: bool) -> Mask:
    """Which cells a rule hides. Cells of 0 that nobody is behind are safe (structural zeros).

    ``is_of_persons``: the units are people, so the cell itself is the number of persons.
    """
    persons = units if is_of_persons else spread["persons"].to_numpy()
    fails = (persons >= 0) & (persons < rules.min_persons)
    fails |= spread["firms"].to_numpy() < rules.min_firms
    for level in _levels(units, spread, rules):
        fails |= level > 0
    for n, share in rules.largest:
        if n == 1:
            fails |= _exceeds(spread["top_persons"].to_numpy(), spread["persons"].to_numpy(), share)
    counts = (units > 0) | (spread["firms"].to_numpy() > 0) | rules.hides_zeros
    return np.asarray(fails & counts, dtype=bool)


def widths(units: Whole, spread: pd.DataFrame, rules: Rules) -> Whole:
    """How far, on each side, an attacker's interval of a hidden cell must reach: whole units, rounded
    down.
    """
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
    for n, share in rules.largest:
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
