"""From marts to the cells that the gate judges: keys, contributors and exact numbers in one fixed shape.

Rounding and published columns do not belong here: they come after the gate.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports.disclosure.rules import VALUE_STATUSES, to_cents
from reports.measures import measure

NOT_AVAILABLE = -1
CONTRIBUTOR_COLUMNS = ("cell_id", "parent_group_id", "persons", "numerator_persons", "amount_cents")


def cell_ids(rows: pd.DataFrame, keys: Sequence[str]) -> pd.Series[str]:
    """One readable id per row from its key columns; a missing key is written as ``*``."""
    texts = rows[list(keys)].astype("str").fillna("*")
    ids = [" | ".join(key) for key in texts.itertuples(index=False, name=None)]
    return pd.Series(ids, index=rows.index, dtype="str")


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with statistic, is_wage_derived and a value_status that only mature cohorts keep.

    In: one row per cell with metric_id, value_status, maturity, is_wage_derived. A measure that the registry
    calls wage-derived stays so whatever the mart says.
    """
    measures = rows["metric_id"].map(measure)
    is_mature = rows["maturity"].fillna("NOT_YET") == "MATURE"
    carries = rows["value_status"].isin(VALUE_STATUSES)
    wage_derived = rows["is_wage_derived"].fillna(True).astype(bool)
    return rows.assign(
        statistic=measures.map(lambda m: m.statistic),
        is_wage_derived=wage_derived | measures.map(lambda m: m.is_wage_derived).astype(bool),
        value_status=rows["value_status"].mask(carries & ~is_mature, NOT_AVAILABLE).astype("int64"),
    )


def contributors(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Contributor rows in the gate's shape (CONTRIBUTOR_COLUMNS), with whole persons and whole cents.

    In: one row per cell key × parent_group_id with persons, numerator_persons and amount_usd.
    """
    shaped = pd.DataFrame(
        {
            "cell_id": cell_ids(rows, keys),
            "parent_group_id": rows["parent_group_id"],
            "persons": rows["persons"].fillna(0).astype("int64"),
            "numerator_persons": rows["numerator_persons"].fillna(0).astype("int64"),
            "amount_cents": rows["amount_usd"].fillna(0).map(to_cents).astype("int64"),
        }
    )
    return shaped.reset_index(drop=True)


def no_contributors() -> pd.DataFrame:
    """No firm behind any cell: only a policy without thresholds lets such cells pass."""
    empty = pd.DataFrame(columns=list(CONTRIBUTOR_COLUMNS))
    return empty.astype({"persons": "int64", "numerator_persons": "int64", "amount_cents": "int64"})
