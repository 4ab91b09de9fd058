"""The published outcome tables: consortium, program, area, sector and cohort, from the outcome marts.

Finer breakdowns of the mart (program or area by cohort year) are not published: their cells are small.
Disclosure rules and the page do not belong here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from reports import cells as shape
from reports.columns import PUBLISHED, published, require
from reports.disclosure.gate import Candidate, MeasureKey
from reports.disclosure.joint import Equation
from reports.disclosure.policy import Policy
from reports.facts import ReleaseFacts
from reports.intervals import round_count, round_share, wilson
from reports.labels import cohort_label, sector_title
from reports.measures import Statistic
from reports.published import WHOLE
from reports.rounding import rounder

OUTCOMES, CONTRIBUTORS = "agg_outcomes", "agg_outcome_contributors"
_KEYS = ("metric_id", "breakdown", "member", "cohort_start", "cohort_end")
_OUTCOME_COLUMNS = (
    *_KEYS,
    "geo_level",
    "geography",
    "ind_level",
    "industry",
    "program_id",
    "numerator",
    "denominator",
    "distinct_persons",
    "value",
    "value_lower",
    "value_upper",
    "value_fuzzy",
    "unit",
    "value_status",
    "maturity",
    "newest_quarter",
    "is_wage_derived",
)
_CONTRIBUTOR_COLUMNS = (*_KEYS, "parent_group_id", "persons", "numerator_persons", "amount_usd")
_COUNTED_BY_EMPLOYMENT = {
    "median_earnings_q2": "employment_rate_q2",
    "retention_same_employer_q2_q4": "employment_rate_q2",
    "retention_q4": "employment_rate_q2",
    "median_earnings_q2_wioa": "employment_rate_q2_wioa",
}
"""Measures whose denominators are the people employed in Q2: the numerator of which employment rate."""
_COUNTED_BY_EXIT = frozenset({"employment_rate_q2", "employment_rate_q4"})
"""Derived from wages, but out of the people who left, who are counted by enrollment records alone."""
_HEADLINE = 10.0
"""Hiding a row of the whole consortium costs as much as so many others."""


@dataclass(frozen=True)
class OutcomeTable:
    """One published outcome table and the breakdown of the mart it is made from."""

    name: str
    breakdown: str
    description: str


OUTCOME_TABLES = (
    OutcomeTable("outcomes_consortium", "consortium", "Outcomes of the whole consortium, all mature cohorts"),
    OutcomeTable("outcomes_by_program", "program", "Outcomes by training program, all mature cohorts"),
    OutcomeTable("outcomes_by_area", "area", "Outcomes by workforce development area, all mature cohorts"),
    OutcomeTable("outcomes_by_sector", "sector", "Outcomes by industry sector, all mature cohorts"),
    OutcomeTable("outcomes_by_cohort", "cohort", "Outcomes of the whole consortium by quarterly cohort"),
)


def outcome_candidates(
    marts: Mapping[str, pd.DataFrame], policy: Policy, facts: ReleaseFacts
) -> Iterator[Candidate]:
    """The five outcome tables as candidates for the gate."""
    outcomes = require(marts, OUTCOMES, _OUTCOME_COLUMNS)
    behind = require(marts, CONTRIBUTORS, _CONTRIBUTOR_COLUMNS)
    named = outcomes.assign(label=_labels(outcomes, marts))
    whole = _cells(named[named["breakdown"] == "consortium"])
    for table in OUTCOME_TABLES:
        of_table = behind[behind["breakdown"] == table.breakdown]
        cells = _cells(named[named["breakdown"] == table.breakdown])
        yield Candidate(
            name=table.name,
            description=table.description,
            columns=PUBLISHED,
            cells=cells,
            contributors=shape.contributors(of_table, _KEYS),
            finish=partial(rounded_rows, policy=policy, facts=facts),
            shares_counts_with=_linked(table.name),
            equations=_sums(cells, whole) if table.breakdown != "consortium" else (),
            plain_denominators=_COUNTED_BY_EXIT,
            weight=1.0 if table.breakdown != "consortium" else _HEADLINE,
        )


def consortium_cells(marts: Mapping[str, pd.DataFrame]) -> Mapping[tuple[str, str, str], str]:
    """The row of each measure in ``outcomes_consortium``, by metric_id and its first and last cohort."""
    if OUTCOMES not in marts:
        return {}
    rows = marts[OUTCOMES][marts[OUTCOMES]["breakdown"] == "consortium"]
    windows = rows[["metric_id", "cohort_start", "cohort_end"]].itertuples(index=False, name=None)
    return dict(zip(windows, shape.cell_ids(rows, _KEYS), strict=True))


def _sums(cells: pd.DataFrame, whole: pd.DataFrame) -> tuple[Equation, ...]:
    """Each row of the whole consortium is the sum of the members' rows whose cohorts lie in its window."""
    found: list[Equation] = []
    for total in whole.to_dict("records"):
        inside = (cells["cohort_start"] >= total["cohort_start"]) & (
            cells["cohort_end"] <= total["cohort_end"]
        )
        parts = cells[(cells["metric_id"] == total["metric_id"]) & inside]
        rows = {(_table_of(breakdown), cell): 1 for breakdown, cell in _refs(parts)}
        if rows:
            found.append(rows | {(_table_of("consortium"), total["cell_id"]): -1})
    return tuple(found)


def _refs(cells: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(cells["breakdown"], cells["cell_id"], strict=True)


def _table_of(breakdown: str) -> str:
    return next(table.name for table in OUTCOME_TABLES if table.breakdown == breakdown)


def _linked(table: str) -> dict[str, frozenset[MeasureKey]]:
    return {metric: frozenset({(table, rate)}) for metric, rate in _COUNTED_BY_EMPLOYMENT.items()}


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per cell in the gate's shape; a median's value is the fuzzy one, the exact one stays behind."""
    fuzzy = rows["value"].where(rows["value_fuzzy"].isna(), rows["value_fuzzy"])
    cells = shape.judged(
        rows.assign(
            cell_id=shape.cell_ids(rows, _KEYS),
            persons=rows["distinct_persons"].astype("Int64"),
            denominator=rows["denominator"].astype("Int64"),
        )
    )
    cells["value"] = fuzzy.mask((cells["statistic"] == Statistic.MEDIAN) & rows["value_fuzzy"].isna())
    numerator = cells["numerator"].astype("Int64").mask(cells["statistic"] == Statistic.MEDIAN)
    return cells.assign(numerator=numerator, money=None).reset_index(drop=True)


def rounded_rows(cells: pd.DataFrame, policy: Policy, facts: ReleaseFacts) -> pd.DataFrame:
    """Published rows from judged cells: counts, rates, medians and means rounded by the policy.

    In: one row per cell with statistic, numerator, denominator, value, value_lower, value_upper (NULL where
    the cell carries no value) and the published key columns. Out: columns of PUBLISHED.
    """
    numbers = pd.DataFrame([_rounded(cell, policy) for cell in cells.to_dict("records")], index=cells.index)
    numbers = numbers.reindex(columns=list(_ROUNDED)).astype(_ROUNDED)
    is_quarter = cells["cohort_start"] == cells["cohort_end"]
    periodicity = is_quarter.map({True: "Q", False: "A"})
    kept = cells.drop(columns=[c for c in _ROUNDED if c in cells.columns])
    return published(kept.join(numbers).assign(periodicity=periodicity), facts)


_ROUNDED = {
    "value": "float64",
    "value_lower": "float64",
    "value_upper": "float64",
    "numerator_rounded_count": "Int64",
    "denominator_rounded_count": "Int64",
}


def _rounded(cell: Mapping[Any, Any], policy: Policy) -> dict[str, Any]:
    if pd.isna(cell["value"]):
        return {}
    if cell["statistic"] == Statistic.LEDGER:
        return {"value": float(cell["value"])}
    if pd.isna(cell["denominator"]):
        return {}
    return _ROUNDERS[cell["statistic"]](cell, policy)


def _rounded_count(cell: Mapping[Any, Any], policy: Policy) -> dict[str, Any]:
    count = round_count(int(cell["denominator"]), policy.round_counts_to)
    return {"value": float(count), "numerator_rounded_count": count}


def _rounded_rate(cell: Mapping[Any, Any], policy: Policy) -> dict[str, Any]:
    numerator = round_count(int(cell["numerator"]), policy.round_counts_to)
    denominator = round_count(int(cell["denominator"]), policy.round_counts_to)
    if denominator == 0:
        return {}
    interval = wilson(numerator, denominator)
    return {
        "value": round_share(numerator / denominator),
        "value_lower": round_share(interval.lower),
        "value_upper": round_share(interval.upper),
        "numerator_rounded_count": numerator,
        "denominator_rounded_count": denominator,
    }


def _rounded_average(cell: Mapping[Any, Any], policy: Policy) -> dict[str, Any]:
    rounded = rounder(cell["unit"], policy)
    ends = {
        name: None if pd.isna(cell[name]) else rounded(cell[name]) for name in ("value_lower", "value_upper")
    }
    return {
        "value": rounded(cell["value"]),
        "denominator_rounded_count": round_count(int(cell["denominator"]), policy.round_counts_to),
        **ends,
    }


def _spoken(cell: Mapping[Any, Any], policy: Policy) -> dict[str, Any]:
    """A verdict stays what it is; the count it rests on is rounded."""
    return {
        "value": float(cell["value"]),
        "denominator_rounded_count": round_count(int(cell["denominator"]), policy.round_counts_to),
    }


_ROUNDERS: Mapping[Statistic, Callable[[Mapping[Any, Any], Policy], dict[str, Any]]] = {
    Statistic.COUNT: _rounded_count,
    Statistic.RATE: _rounded_rate,
    Statistic.MEDIAN: _rounded_average,
    Statistic.MEAN: _rounded_average,
    Statistic.AMOUNT: _rounded_average,
    Statistic.VERDICT: _spoken,
}


def _labels(outcomes: pd.DataFrame, marts: Mapping[str, pd.DataFrame]) -> list[str]:
    """What each row is about, in words: the program's name, the area, the sector, the cohort."""
    programs = names_by_code(marts, "dim_program", "program_id", "name")
    areas = names_by_code(marts, "dim_area", "geography", "name")
    words: Mapping[str, Callable[[Mapping[Any, Any]], str]] = {
        "consortium": lambda _row: f"{WHOLE}, areas and sectors",
        "program": lambda row: programs.get(row["program_id"], f"Program {row['program_id']}"),
        "area": lambda row: areas.get(row["geography"], f"Workforce area {row['geography']}"),
        "sector": lambda row: sector_title(row["industry"]),
        "cohort": lambda row: cohort_label(row["cohort_start"], row["cohort_end"]),
    }
    rows = outcomes.to_dict("records")
    return [words[row["breakdown"]](row) if row["breakdown"] in words else "" for row in rows]


def names_by_code(marts: Mapping[str, pd.DataFrame], mart: str, code: str, name: str) -> dict[str, str]:
    """The name of each code in a dimension; empty where the dimension has no names."""
    if mart not in marts or name not in marts[mart].columns or code not in marts[mart].columns:
        return {}
    named = marts[mart][[code, name]].dropna().sort_values([code, name])
    return dict(zip(named[code], named[name], strict=True))
