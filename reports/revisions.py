"""What a release changed of the one before it: cells that both show, and that differ.

Pooled windows end a quarter later with each release and are other cells, not revisions. From published
tables only. Why something was restated is said in the release's own words, not here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

KEYS = (
    "metric_id",
    "geo_level",
    "geography",
    "ind_level",
    "industry",
    "soc_level",
    "occupation",
    "program_id",
    "credential_type",
    "cohort_start",
    "cohort_end",
    "group_dim",
    "group_value",
)
"""The published columns that together name a cell of a table."""
_SAID = ("label", "unit", "value", "value_status")
COLUMNS = ("table_name", *KEYS, "label", "unit", "before", "status_before", "after", "status_after")


def revised_cells(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each cell of a measure that stands in both releases and says something else in the later.

    In: published tables by name. Out: columns of COLUMNS, sorted; values as text, blank where there is none.
    """
    found = [
        _revised(name, _texts(before[name]), _texts(after[name]))
        for name in sorted(before.keys() & after.keys())
        if set(KEYS) <= set(before[name].columns) & set(after[name].columns)
    ]
    return pd.concat([pd.DataFrame(columns=list(COLUMNS), dtype="str"), *found], ignore_index=True)


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Everything as text; without cells that share their keys, which cannot be told apart."""
    kept = table[[*KEYS, *_SAID]]
    texts = kept.astype("str").where(kept.notna().to_numpy(), "")
    return texts.drop_duplicates(list(KEYS), keep=False)


def _revised(name: str, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    earlier = before.rename(columns={"value": "before", "value_status": "status_before"})
    later = after.rename(columns={"value": "after", "value_status": "status_after"})
    both = earlier.drop(columns=["label", "unit"]).merge(later, on=list(KEYS), how="inner")
    differs = (both["before"] != both["after"]) | (both["status_before"] != both["status_after"])
    return both[differs].assign(table_name=name)[list(COLUMNS)].sort_values(list(COLUMNS), ignore_index=True)
