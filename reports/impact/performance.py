"""What training did to firms' output, quality and safety: each parent firm before and after its people first
entered a program, against parents that never enrolled anybody.

Firms are the members: there are no co-workers to compare with, so there is no careful interval and nothing is
called an effect. Exact numbers, for the disclosure gate; what a card says of them is ``performance_cards``'.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from contracts.quarters import Quarter
from reports.impact.panel import NEVER, Ints, Panel
from reports.impact.results import Estimate
from reports.impact.study import Study, study
from reports.impact.verdict import Verdict

PERFORMANCE_MART = "fct_performance_quarter"
PERFORMANCE_COLUMNS = (
    *("firm_id", "parent_group_id", "establishment_id", "year_quarter", "measure_code"),
    *("output_definition", "value", "entry_quarter"),
)
PERFORMANCE, PERFORMANCE_CONTRIBUTORS = "agg_performance_effects", "agg_performance_effect_contributors"

RATED = ("FIRST_PASS_YIELD", "ON_TIME_SHARE")
"""Shares near one: their change is in percentage points."""
SUMMED = ("OUTPUT_UNITS", "OUTPUT_VALUE", "LABOR_HOURS")
"""Totals of a parent are sums over its sites; everything else is their mean."""
COUNTED = ("RECORDABLE_CASES", "DART_CASES", "NEAR_MISSES")
"""Rare counts, mostly zero: no logarithm, and no effect is estimated on them."""

EFFECT_COLUMNS: dict[str, str] = {
    **dict.fromkeys(("metric_id", "measure_code", "unit"), "string[pyarrow]"),
    **dict.fromkeys(("value", "value_lower", "value_upper", "detectable"), "Float64"),
    **dict.fromkeys(("treated", "comparison", "specifications"), "Int64"),
    **dict.fromkeys(("first_quarter", "last_quarter", "verdict", "reason"), "string[pyarrow]"),
}
"""One row per measure of firms' performance that anybody reported."""

CONTRIBUTOR_COLUMNS: dict[str, str] = {
    **dict.fromkeys(("metric_id", "measure_code", "parent_group_id"), "string[pyarrow]"),
    **dict.fromkeys(("persons", "numerator_persons"), "Int64"),
    "amount_usd": "Float64",
}

METRIC = "performance_effect"
Row = dict[str, Any]


def estimate_performance(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Both marts from the rows of ``fct_performance_quarter``; without rows where nobody reported."""
    measures = sorted({str(one) for one in rows["measure_code"]} - set(COUNTED))
    found = [_of_measure(rows[rows["measure_code"] == one], one) for one in measures]
    figures = pd.DataFrame([row for row, _ in found], columns=list(EFFECT_COLUMNS))
    behind = pd.DataFrame([one for _, parts in found for one in parts], columns=list(CONTRIBUTOR_COLUMNS))
    return {
        PERFORMANCE: figures.astype(EFFECT_COLUMNS),
        PERFORMANCE_CONTRIBUTORS: behind.astype(CONTRIBUTOR_COLUMNS),
    }


def _of_measure(rows: pd.DataFrame, measure: str) -> tuple[Row, list[Row]]:
    panel, parents, quarters = performance_panel(rows, measure)
    found = study(panel) if panel.shape[0] else None
    base = {
        "metric_id": METRIC,
        "measure_code": measure,
        "unit": "points",
        "first_quarter": quarters[0],
        "last_quarter": quarters[-1],
    }
    return base | _numbers(found, panel), list(_behind(measure, panel, parents))


def _numbers(found: Study | None, panel: Panel) -> Row:
    if found is None or not isinstance(found.default, Estimate):
        reason = None if found is None or found.refusal is None else found.refusal.reason.value
        return {"verdict": Verdict.NOT_ESTIMABLE.value, "reason": reason, "specifications": 1}
    answer = found.default
    return {
        "value": answer.value,
        "value_lower": answer.lower,
        "value_upper": answer.upper,
        "detectable": answer.detectable,
        "treated": answer.persons,
        "comparison": int((~panel.is_participant).sum()),
        "verdict": found.judgement.verdict.value,
        "specifications": found.specifications,
    }


def performance_panel(rows: pd.DataFrame, measure: str) -> tuple[Panel, tuple[str, ...], tuple[str, ...]]:
    """One measure as a panel of parents over the quarters in which anybody reported it, their names in the
    panel's order, and the quarters.

    Hundred times the logarithm (about percent), or percentage points of shares near one; zeros have no
    logarithm and are not observed. A parent that changed what it counts as a unit is left out.
    """
    steady = rows.groupby("parent_group_id")["output_definition"].transform("nunique") == 1
    kept = rows[steady]
    values = kept.groupby(["parent_group_id", "year_quarter"])["value"]
    table = (values.sum() if measure in SUMMED else values.mean()).unstack()
    numbers = table.to_numpy(dtype=float, na_value=np.nan)
    if measure not in RATED:
        numbers = np.log(np.where(numbers > 0, numbers, np.nan))
    numbers = numbers * 100.0
    first = kept.dropna(subset=["entry_quarter"]).groupby("parent_group_id")["entry_quarter"].min()
    quarters = tuple(map(str, table.columns)) or tuple(sorted(map(str, rows["year_quarter"])))
    entry = _entries(table.index, first, quarters)
    parents = np.array([str(one) for one in table.index], dtype=object)
    seen = np.isfinite(numbers).any(axis=1)
    return Panel.of(numbers, entry, np.arange(len(entry)), quarters), tuple(parents[seen]), quarters


def _entries(parents: pd.Index[Any], first: pd.Series[Any], quarters: tuple[str, ...]) -> Ints:
    """The first reported quarter that is not before the first enrollment."""
    known = np.array([Quarter.parse(one).index for one in quarters], dtype=np.int64)
    entries = [
        NEVER if name not in first.index else int(np.searchsorted(known, Quarter.parse(first[name]).index))
        for name in parents
    ]
    return np.array(entries, dtype=np.int64)


def _behind(measure: str, panel: Panel, parents: tuple[str, ...]) -> Iterator[Row]:
    """Every parent in the panel, treated or not, with equal weight: the estimate weighs none by its size."""
    for parent in parents:
        yield {
            "metric_id": METRIC,
            "measure_code": measure,
            "parent_group_id": parent,
            "persons": 1,
            "numerator_persons": 0,
            "amount_usd": 0.0,
        }
