"""What anybody can check of a release from its published files alone, without evidence and without a solver.

Statuses, percentiles, averages that give sums away, cells that follow from totals, numbers on the page that
no table holds. Reading files, and what only evidence can prove, do not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from contracts.errors import DisclosureError
from contracts.quarters import Quarter
from reports.disclosure.audit.findings import Attacker, Finding
from reports.disclosure.audit.modular import determined
from reports.measures import Measure, Statistic, measure

Floats = NDArray[np.float64]

CARRIES_VALUE = frozenset({1, 6, 7, 9, 10, 12})
CARRIES_NONE = frozenset({-2, -1, 5, 11})
HIDDEN = frozenset({5, 11})
NUMBERS = ("value", "value_lower", "value_upper", "numerator_rounded_count", "denominator_rounded_count")

DIMENSIONS = (
    "geography",
    "industry",
    "occupation",
    "program_id",
    "credential_type",
    "group_value",
)
"""The columns of a published row that can stand at their total."""

_WINDOW = ("metric_id", "periodicity", "cohort_start", "cohort_end", "group_dim")
_SHARED = {"value", "value_lower", "value_upper", "value_status", "metric_id", "unit", "label"} | {
    *("geography", "cohort_start", "cohort_end", "denominator_rounded_count"),
}
_TOTALS = MappingProxyType({"industry": "00"})

_MOST_ADDED = 10
_HOURS_A_QUARTER = 500

SUMS = MappingProxyType({"cost_per_participant": "fund_disbursed", "cost_per_completer": "fund_disbursed"})
"""Averages whose product with their published count is, for the same cell, another published measure."""

FOOTED = MappingProxyType(
    {
        "in_kind_value": "fund_in_kind",
        "account_assessed": "fund_assessed",
        "account_paid": "fund_contributions",
        "account_matched": "fund_match",
    }
)
"""Amounts since the fund began, and the line of the ledger that is the same money by quarter."""


@dataclass(frozen=True)
class Opened:
    """What a release shows, its tables by name and its pages as one text, and the policy it must keep."""

    tables: Mapping[str, pd.DataFrame]
    page: str
    policy: Mapping[str, Any]

    def with_status(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """The tables whose rows have a status."""
        for name, rows in self.tables.items():
            if {"value_status", "metric_id"} <= {*rows.columns}:
                yield name, rows

    def measured(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """The tables that hold measures in the columns that all such tables share."""
        for name, rows in self.with_status():
            if set(rows.columns) >= _SHARED:
                yield name, rows


def published_findings(release: Opened) -> Iterator[Finding]:
    """Everything that the published files say against themselves."""
    for name, rows in release.with_status():
        yield from _statuses(name, rows)
    for name, rows in release.measured():
        yield from _percentiles(name, rows, release)
        yield from _young(name, rows, release)
    every = [rows.assign(table_name=name) for name, rows in release.measured()]
    if every:
        whole = pd.concat(every, ignore_index=True)
        yield from _betrayed_sums(whole)
        yield from _following(whole)


def _statuses(name: str, rows: pd.DataFrame) -> Iterator[Finding]:
    known = rows["value_status"].isin(CARRIES_VALUE | CARRIES_NONE)
    for place in np.flatnonzero(~known.to_numpy(dtype=bool)).tolist():
        yield Finding("AUD-203", f"{name}, row {place + 1}", "it says nothing", Attacker.PUBLIC)
    silent = rows["value_status"].isin(CARRIES_NONE).to_numpy(dtype=bool)
    for column in (column for column in NUMBERS if column in rows.columns):
        says = silent & rows[column].notna().to_numpy(dtype=bool)
        for place in np.flatnonzero(says).tolist():
            yield Finding("AUD-202", f"{name}, row {place + 1}, {column}", "it can be read", Attacker.PUBLIC)


def _registered(metric_id: str) -> Measure | None:
    try:
        return measure(metric_id)
    except DisclosureError:
        return None


def _statistic(metric_id: str) -> Statistic | None:
    known = _registered(metric_id)
    return None if known is None else known.statistic


def is_percentile(metric_id: str) -> bool:
    """Whether a measure is a median or another percentile: by the registry, and by what it is called."""
    is_called = re.search(r"(^|_)(median|p[1-9][0-9]?|percentile)(_|$)", metric_id)
    return bool(is_called) or _statistic(metric_id) is Statistic.MEDIAN


def _percentiles(name: str, rows: pd.DataFrame, release: Opened) -> Iterator[Finding]:
    """Percentiles leave rounded (money by the policy, anything else to whole units), on enough people."""
    shown = rows["value"].notna() & rows["metric_id"].map(lambda m: is_percentile(str(m))).astype(bool)
    for place in np.flatnonzero(shown.to_numpy(dtype=bool)).tolist():
        row = rows.iloc[place]
        step = _step(str(row["unit"]), Decimal(str(release.policy["round_money_to"])))
        for column in ("value", "value_lower", "value_upper"):
            if pd.notna(row[column]) and Decimal(str(row[column])) % step != 0:
                where = f"{name}, row {place + 1}, {column}"
                yield Finding("AUD-207", where, "it is not rounded", Attacker.PUBLIC)
        persons = row["denominator_rounded_count"]
        if pd.notna(persons) and persons < release.policy["min_persons_distribution"]:
            yield Finding("AUD-207", f"{name}, row {place + 1}", "too few people", Attacker.PUBLIC)


def _step(unit: str, money: Decimal) -> Decimal:
    """What a percentile is rounded to; an hour's pay to what the step is of a quarter of 500 hours."""
    if unit == "usd_per_hour":
        return money / _HOURS_A_QUARTER
    return money if unit.startswith("usd") else Decimal(1)


def _cells_of(whole: pd.DataFrame) -> pd.DataFrame:
    """One row per cell, whatever tables show it: key columns without gaps, whether it is shown, its value."""
    cells = whole.copy()
    keys = [*_WINDOW, *DIMENSIONS]
    for column in keys:
        cells[column] = cells[column].astype("str").fillna("") if column in cells else ""
        cells[column] = cells[column].replace({"<NA>": "", "nan": "", "None": ""})
    if "geo_level" in cells:
        cells["geography"] = cells["geography"].mask((cells["geo_level"] == "K").to_numpy(dtype=bool), "")
    for column, total in _TOTALS.items():
        cells[column] = cells[column].replace({total: ""})
    status = cells["value_status"]
    cells["is_shown"] = status.isin(CARRIES_VALUE).to_numpy(dtype=bool)
    cells["is_hidden"] = status.isin(HIDDEN).to_numpy(dtype=bool)
    cells["number"] = _floats(cells["value"])
    kept = cells[cells["is_shown"] | cells["is_hidden"]]
    return kept.sort_values("is_shown", ascending=False).drop_duplicates(keys).reset_index(drop=True)


def _young(name: str, rows: pd.DataFrame, release: Opened) -> Iterator[Finding]:
    """Wage-derived values whose newest quarter, as far as the row tells it, ended too short a time ago."""
    floor = release.policy["wage_derived"]["min_age_days"]
    if floor is None or "as_of" not in rows.columns:
        return
    for place in np.flatnonzero(rows["value"].notna().to_numpy(dtype=bool)).tolist():
        row = rows.iloc[place]
        known = _registered(str(row["metric_id"]))
        if known is None or not known.is_wage_derived or pd.isna(row["cohort_end"]):
            continue
        follows = re.search(r"_q([1-8])$", known.metric_id)
        newest = Quarter.parse(str(row["cohort_end"])) + (int(follows[1]) if follows else 0)
        if (row["as_of"] - newest.last_day).days <= floor:
            yield Finding("AUD-210", f"{name}, row {place + 1}", "it is too young", Attacker.PUBLIC)


def _floats(column: pd.Series[Any]) -> Floats:
    return np.array([np.nan if pd.isna(value) else float(value) for value in column], dtype=np.float64)


def _betrayed_sums(whole: pd.DataFrame) -> Iterator[Finding]:
    """A hidden sum beside a shown average and its count, for the same cell."""
    cells = _cells_of(whole)
    keys = [*_WINDOW[1:], *DIMENSIONS]
    counted = cells["is_shown"] & cells["denominator_rounded_count"].notna()
    for average, total in SUMS.items():
        shown = cells[(cells["metric_id"] == average) & counted]
        hidden = cells[(cells["metric_id"] == total) & cells["is_hidden"]]
        for where in shown.merge(hidden[keys], on=keys)["label"].astype("str"):
            attack = f"{average} times its count"
            yield Finding("AUD-206", f"{total}, {where}", attack, Attacker.PUBLIC)


def _following(whole: pd.DataFrame) -> Iterator[Finding]:
    """Hidden cells of measures that add up, which follow from totals and shown parts."""
    cells = _cells_of(whole)
    additive = cells["metric_id"].map(
        lambda metric: _statistic(str(metric)) in (Statistic.COUNT, Statistic.LEDGER, Statistic.ROWS)
    )
    cells = cells[additive.astype(bool)].reset_index(drop=True)
    rows = [row for column in DIMENSIONS for row in _sums(cells, column)] + [*_footed(cells)]
    hidden = np.flatnonzero(cells["is_hidden"].to_numpy(dtype=bool))
    if not rows or not len(hidden):
        return
    matrix = _matrix_of(rows, len(cells))[:, hidden]
    for cell in hidden[determined(sparse.csr_array(matrix))].tolist():
        one = cells.iloc[cell]
        where = f"{one['table_name']}, {one['metric_id']}, {one['label']}"
        yield Finding("AUD-204", where, "from totals and other parts", Attacker.PUBLIC)


def _sums(cells: pd.DataFrame, column: str) -> Iterator[list[tuple[int, int]]]:
    """Total and parts along one column, for measures whose fully shown sums hold (some count people
    twice).
    """
    others = [*_WINDOW, *(other for other in DIMENSIONS if other != column)]
    for _, lines in cells[cells["cohort_start"] != ""].groupby("metric_id", sort=True):
        found, holds = [], True
        for _, line in lines.groupby(others, sort=True):
            total, parts = line[line[column] == ""], line[line[column] != ""]
            if len(total) != 1 or len(parts) < 2:
                continue
            found.append([(int(total.index[0]), -1), *((int(part), 1) for part in parts.index)])
            if line["is_shown"].all():
                slack = _coarseness(line["number"]) * len(line) / 2
                holds &= bool(abs(parts["number"].sum() - total["number"].iloc[0]) <= slack)
        if holds:
            yield from found


def _footed(cells: pd.DataFrame) -> Iterator[list[tuple[int, int]]]:
    """Amounts against the ledger's, but where both are shown whole and differ."""
    for metric, line in FOOTED.items():
        parts, quarters = cells[cells["metric_id"] == metric], cells[cells["metric_id"] == line]
        both = pd.concat([parts, quarters])
        sums = [round(rows["number"].sum() * 100) for rows in (parts, quarters)]
        if len(parts) and len(quarters) and not (both["is_shown"].all() and sums[0] != sums[1]):
            yield [*((int(at), 1) for at in parts.index), *((int(at), -1) for at in quarters.index)]


def _coarseness(numbers: pd.Series[Any]) -> float:
    """The rounding that numbers visibly have: 5 for counts of fives, a cent for books kept to the cent."""
    return next((step for step in (5.0, 1.0) if (numbers % step == 0).all()), 0.01)


def _matrix_of(rows: Sequence[Sequence[tuple[int, int]]], width: int) -> sparse.csr_array:
    places = [(number, cell, sign) for number, row in enumerate(rows) for cell, sign in row]
    row, cell, sign = (np.array(column, dtype=np.int64) for column in zip(*places, strict=True))
    return sparse.csr_array((sign, (row, cell)), shape=(len(rows), width))


class _Figures(HTMLParser):
    """The texts of table cells inside figures."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._depth = {"figure": 0, "td": 0}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count into figures and cells."""
        if tag in self._depth:
            self._depth[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """Count out again."""
        if tag in self._depth:
            self._depth[tag] -= 1

    def handle_data(self, data: str) -> None:
        """Keep what stands in a cell of a figure's table."""
        if all(self._depth.values()) and data.strip():
            self.texts.append(data.strip())


_NUMBER = re.compile(r"(?<![\w.])[−-]?\$?(\d[\d,]*(?:\.\d+)?)( million| billion|%)?(?!\w)")
_SCALES = MappingProxyType({" million": 1e6, " billion": 1e9, "%": 0.01})


@dataclass(frozen=True)
class Printed:
    """A number as it is printed: its size, and how far a value may be from it to be printed so."""

    text: str
    size: float
    half: float

    def is_of(self, values: Floats) -> bool:
        """Whether one of the values is printed so."""
        return bool((np.abs(values - self.size) <= self.half * (1 + 1e-9)).any())


def strange_numbers(release: Opened) -> list[Printed]:
    """Numbers in the tables under charts that are no published number, and no sum of published ones.

    A page may compare and divide what is published, so such a number is a question, not yet a fault.
    """
    known = _known_numbers(release)
    printed = [
        _printed(digits, scale)
        for text in _Figures(release.page).texts
        for digits, scale in _NUMBER.findall(text)
    ]
    return [number for number in printed if not number.is_of(known)]


def _known_numbers(release: Opened) -> Floats:
    """Every published number, and what values of one measure and window add up to."""
    found: list[Floats] = [np.zeros(0)]
    for rows in release.tables.values():
        numeric = [column for column in rows.columns if _is_numeric(rows[column])]
        found += [_floats(rows[column].dropna()) for column in numeric]
    for _, rows in release.measured():
        for _, line in rows[rows["value"].notna()].groupby(
            ["unit", "metric_id", "cohort_start", "cohort_end"]
        ):
            values = _floats(line["value"])
            some = range(2, len(values) + 1) if len(values) <= _MOST_ADDED else (len(values),)
            found += [np.array([sum(parts) for parts in combinations(values, n)]) for n in some]
    return np.abs(np.concatenate(found))


def _is_numeric(column: pd.Series[Any]) -> bool:
    some = column.dropna().head(1).tolist()
    return bool(some) and isinstance(some[0], int | float | Decimal) and not isinstance(some[0], bool)


def _printed(digits: str, scale: str) -> Printed:
    plain = digits.replace(",", "")
    unit = _SCALES.get(scale, 1.0)
    half = 0.5 * 10.0 ** -len(plain.partition(".")[2]) * unit
    return Printed(f"{digits}{scale}", float(plain) * unit, half)
