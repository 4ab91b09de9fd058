"""The primary disclosure rules: is this one cell safe, given the firms behind it?

Every rule is a comparison of whole numbers or decimals that works on one cell and, unchanged, on a
column of cells (floats never decide). A firm is its ultimate parent. What a failing cell does to its
table is ``gate.py``; hiding further cells and auditing across releases do not belong here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from contracts.quarters import Quarter
from reports.disclosure.policy import MeasureKind, Policy, Thresholds
from reports.measures import Statistic

VALUE_STATUSES = (1, 6, 7, 9, 10, 12)
"""LEHD status flags under which a cell carries a value; −1 and −2 carry none and cannot fail."""
SUPPRESSED = 5
"""The flag of a row that is withheld."""

FINDING_COLUMNS = ("cell_id", "metric_id", "reason", "measured_by")
Broken = list[tuple[str, str, str, str]]
"""Rows of FINDING_COLUMNS."""


class Reason(StrEnum):
    """Why a cell is hidden. Internal: a reason can itself give something away."""

    PERSON_N = "PERSON_N"
    EMPLOYER_N = "EMPLOYER_N"
    DOMINANCE = "DOMINANCE"
    AGE_OF_DATA = "AGE_OF_DATA"
    COMPLEMENTARY = "COMPLEMENTARY"
    TEMPORAL_DIFF = "TEMPORAL_DIFF"


# --- rules on one cell, or on columns of cells -------------------------------------------------------


def has_too_few(count: Any, floor: int) -> Any:
    """Fewer than ``floor`` persons, or firms."""
    return count < floor


def has_small_side(numerator: Any, denominator: Any, floor: int) -> Any:
    """A rate with 1 to ``floor`` − 1 persons in its numerator or in the rest (rule P2)."""
    rest = denominator - numerator
    return ((numerator >= 1) & (numerator < floor)) | ((rest >= 1) & (rest < floor))


def has_large_share(part: Any, total: Any, limit: Decimal) -> Any:
    """``part`` is more than ``limit`` of ``total``; exactly the limit is safe (Statement 6; dominance)."""
    exact = Fraction(limit)
    return part * exact.denominator > total * exact.numerator


def is_estimable_within(largest: Any, second: Any, total: Any, percent: Decimal) -> Any:
    """The p % rule: the second-largest firm could estimate the largest to within ``percent``."""
    exact = Fraction(percent) / 100
    return (total - largest - second) * exact.denominator < largest * exact.numerator


def is_too_young(quarter_end: date, published_on: date, min_age_days: int) -> bool:
    """Not strictly more than ``min_age_days`` between the end of the newest quarter and publication."""
    return (published_on - quarter_end).days <= min_age_days


# --- the firms behind the cells ----------------------------------------------------------------------


def to_cents(amount: Decimal | float | int) -> int:
    """Whole cents of an amount in dollars (a float that came from DECIMAL(18,2) is recovered exactly)."""
    return int((Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def concentration(contributors: pd.DataFrame, weight: str) -> pd.DataFrame:
    """How one weight spreads over firms: one row per cell_id: firms, total, largest, second, third….

    In: one row per cell_id × parent_group_id (rows of one parent are added up first) with an integer
    column ``weight``. Contributions count by size, whatever their sign. Out: Python integers.
    """
    cell, names = pd.factorize(contributors["cell_id"])
    firm, firms = pd.factorize(contributors["parent_group_id"], use_na_sentinel=False)
    pair, place = np.unique(cell.astype(np.int64) * len(firms) + firm, return_inverse=True)
    size = np.zeros(len(pair), dtype=np.int64)
    np.add.at(size, place, np.abs(contributors[weight].to_numpy(dtype=np.int64)))
    by_cell, size = (pair // max(len(firms), 1))[size > 0], size[size > 0]
    order = np.lexsort((-size, by_cell))
    by_cell, size = by_cell[order], size[order]
    found, start, count = np.unique(by_cell, return_index=True, return_counts=True)
    second = np.where(count > 1, size[np.minimum(start + 1, len(size) - 1)], 0) if len(size) else size
    total = np.add.reduceat(size, start) if len(size) else size
    spread = {"firms": count, "total": total, "largest": size[start], "second": second}
    return pd.DataFrame(spread, index=pd.Index(names[found], name="cell_id")).astype(object)


# --- every rule on every cell ------------------------------------------------------------------------


@dataclass(frozen=True)
class Weighed:
    """Cells of one kind beside the spread of one weight over firms, aligned row by row."""

    name: str
    spread: pd.DataFrame
    limits: Thresholds

    def broken(self) -> Iterator[tuple[Reason, Any]]:
        """The rules on firms, each with the rows that break it."""
        part, total = self.spread["largest"], self.spread["total"]
        if self.name != "numerator_persons":
            yield Reason.EMPLOYER_N, has_too_few(self.spread["firms"], self.limits.min_firms)
            if self.limits.max_firm_share is not None:
                yield Reason.DOMINANCE, has_large_share(part, total, self.limits.max_firm_share)
        for n, percent in self.limits.dominance:
            largest = part if n == 1 else part + self.spread["second"]
            yield Reason.DOMINANCE, has_large_share(largest, total, percent / 100)
        if self.limits.p_percent is not None:
            second = self.spread["second"]
            yield Reason.DOMINANCE, is_estimable_within(part, second, total, self.limits.p_percent)


def findings(
    cells: pd.DataFrame, contributors: pd.DataFrame, policy: Policy, published_on: date
) -> pd.DataFrame:
    """Every rule that a cell breaks: one row per cell_id × reason × measured_by (columns FINDING_COLUMNS).

    ``cells``: one row per cell_id with metric_id, statistic, is_wage_derived, value_status, persons
    (distinct), numerator and denominator (units; Int64, NULL where there is none), money (exact dollars
    that firms paid, or NULL), newest_quarter.
    ``contributors``: one row per cell_id × parent_group_id with persons, numerator_persons, amount_cents.
    Cells that carry no value, or nobody and nothing, break no rule.
    """
    found: list[Broken] = []
    live = cells[cells["value_status"].isin(VALUE_STATUSES) & _is_occupied(cells)]
    for kind in MeasureKind:
        of_kind = live[live["is_wage_derived"] == (kind is MeasureKind.WAGE_DERIVED)]
        if len(of_kind):
            limits = policy.thresholds(kind)
            found += [*_on_persons(of_kind, limits, policy), *_on_age(of_kind, limits, published_on)]
            found += _on_firms(of_kind, contributors, limits)
    rows = sorted({row for broken in found for row in broken})
    return pd.DataFrame(rows, columns=list(FINDING_COLUMNS), dtype="str")


def findings_of_tables(
    tables: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]], policy: Policy, published_on: date
) -> Mapping[str, pd.DataFrame]:
    """``findings`` of many tables by name, each cells and contributors: asked of all cells at once, for most
    of what a small table costs is asking.
    """
    if not tables:
        return {}
    numbers = {name: f"{number}/" for number, name in enumerate(tables)}
    cells = [of[list(_JUDGED)].astype(_COUNTED) for of, _ in tables.values()]
    behind = [of[list(_PARTS)] for _, of in tables.values()]
    found = findings(_together(numbers, cells), _together(numbers, behind), policy, published_on)
    place = found["cell_id"].str.split("/", n=1, expand=True).reindex(columns=[0, 1])
    of_table = {str(number): rows for number, rows in found.assign(cell_id=place[1]).groupby(place[0])}
    return {
        name: of_table.get(number[:-1], found.iloc[:0]).reset_index(drop=True)
        for name, number in numbers.items()
    }


_COUNTED = {"persons": "Int64", "numerator": "Int64", "denominator": "Int64"}
_JUDGED = (
    *("cell_id", "metric_id", "statistic", "is_wage_derived", "value_status"),
    *(*_COUNTED, "money", "newest_quarter"),
)
"""The columns of cells that ``findings`` reads, and of contributors."""
_PARTS = ("cell_id", "parent_group_id", "persons", "numerator_persons", "amount_cents")


def _together(numbers: Mapping[str, str], frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Rows of several tables, each cell_id behind its table's number."""
    numbered = zip(numbers.values(), frames, strict=True)
    told = [
        frame.assign(cell_id=[f"{number}{cell}" for cell in frame["cell_id"]]) for number, frame in numbered
    ]
    return pd.concat(told, ignore_index=True)


def _is_occupied(cells: pd.DataFrame) -> pd.Series[bool]:
    is_ledger = cells["statistic"] == Statistic.LEDGER
    has_money = cells["money"].map(lambda money: not pd.isna(money) and money != 0).astype(bool)
    return (is_ledger & has_money) | (~is_ledger & (cells["persons"].fillna(-1) != 0))


def _listed(cells: pd.DataFrame, broken: Any, reason: Reason, measured_by: str) -> Broken:
    hit = np.flatnonzero(np.asarray(broken, dtype=bool))
    rows = cells[["cell_id", "metric_id"]].iloc[hit] if len(hit) else cells.iloc[:0]
    named = zip(rows["cell_id"].tolist(), rows["metric_id"].tolist(), strict=True)
    return [(str(cell), str(metric), str(reason), measured_by) for cell, metric in named]


def _on_persons(cells: pd.DataFrame, limits: Thresholds, policy: Policy) -> Iterator[Broken]:
    about_people = cells[~cells["statistic"].isin([Statistic.LEDGER, Statistic.ROWS])]
    persons = _behind(about_people)
    yield _listed(about_people, has_too_few(persons, limits.min_persons), Reason.PERSON_N, "persons")
    medians = about_people[about_people["statistic"] == Statistic.MEDIAN]
    floor = policy.min_persons_distribution
    few = has_too_few(_behind(medians), floor)
    yield _listed(medians, few, Reason.PERSON_N, "distribution")
    rates = about_people[about_people["statistic"] == Statistic.RATE]
    sides = has_small_side(rates["numerator"], rates["denominator"], limits.min_persons).fillna(True)
    yield _listed(rates, sides, Reason.PERSON_N, "sides of the rate")


def _behind(cells: pd.DataFrame) -> pd.Series[Any]:
    """How many persons are behind each number that is shown: no more than it counts (awards of money may be
    fewer than the people who got any award); −1 where it is not known.
    """
    persons = cells["persons"].fillna(-1)
    return persons.mask((cells["denominator"] < persons).fillna(False).astype(bool), cells["denominator"])


def _on_age(cells: pd.DataFrame, limits: Thresholds, published_on: date) -> Iterator[Broken]:
    if limits.min_age_days is None:
        return
    floor = limits.min_age_days
    dated = cells[cells["statistic"] != Statistic.ROWS]
    young = [
        pd.isna(quarter) or is_too_young(Quarter.parse(quarter).last_day, published_on, floor)
        for quarter in dated["newest_quarter"]
    ]
    yield _listed(dated, pd.Series(young, dtype=bool), Reason.AGE_OF_DATA, "newest quarter")


def _on_firms(cells: pd.DataFrame, contributors: pd.DataFrame, limits: Thresholds) -> Iterator[Broken]:
    by_firm = contributors[contributors["cell_id"].isin(cells["cell_id"])]
    for weight, cap in _weights(cells).items():
        spread = concentration(by_firm, weight).reindex(cells["cell_id"], fill_value=0)
        # Somebody counted under two firms is still one: shares are taken of the cell, not of a larger sum.
        spread["total"] = [min(total, limit) for total, limit in zip(spread["total"], cap, strict=True)]
        matters = _matters(cells, weight, spread)
        weighed = Weighed(weight, spread[matters].astype(object), limits)
        for reason, broken in weighed.broken():
            yield _listed(cells[matters], broken, reason, weight)


def _weights(cells: pd.DataFrame) -> Mapping[str, list[int]]:
    no_cap = [10**30] * len(cells)
    persons = [no_cap[0] if pd.isna(n) else int(n) for n in cells["denominator"]]
    numerators = [no_cap[0] if pd.isna(n) else int(n) for n in cells["numerator"]]
    return {"persons": persons, "numerator_persons": numerators, "amount_cents": no_cap}


def _matters(cells: pd.DataFrame, weight: str, spread: pd.DataFrame) -> Any:
    """Which cells a weight is tested on: people always, a ledger's dollars always, the rest if any."""
    is_ledger = (cells["statistic"] == Statistic.LEDGER).to_numpy()
    if weight == "persons":
        return ~is_ledger
    is_there = (spread["total"] > 0).astype(bool).to_numpy()
    return is_there | is_ledger if weight == "amount_cents" else is_there & ~is_ledger
