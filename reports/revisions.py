"""What a release changed of the one before it: cells that both show, and that differ.

A later period's release revises on schedule; a version of the same period corrects, with a reason of its own
and every cell that differs, shown before or not. Pooled windows end a quarter later with each release and are
other cells, not revisions. From published tables only.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from warehouse.release_manifest import Release

CORRECTIONS = "corrections.csv"
"""The file of a corrected release that lists the cells it changed."""
SCHEDULED, CORRECTION = "scheduled revision", "correction"
ON_SCHEDULE = "Late and corrected files of the firms, and outcomes that came after the release before."

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
AFFECTED = (*COLUMNS, "differs")
_NUMBERS = ("before", "status_before", "after", "status_after")
KEPT_BACK = "kept back"
"""What ``differs`` says of a table and measure of which figures stay, for their change would be about too
few."""
_BESIDE = ("value_lower", "value_upper", "numerator_rounded_count", "denominator_rounded_count")
"""Numbers of a cell beside its value."""


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


def kind_and_reason(before: Release, after: Release) -> tuple[str, str]:
    """Whether the later release corrects the earlier one or revises it on schedule, and why."""
    if before.period == after.period and after.correction:
        return CORRECTION, str(after.correction["reason"])
    return SCHEDULED, ON_SCHEDULE


def affected_cells(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each published cell that a correction changed, added or took away; of a table without
    measures one row when any of its rows differs, with the numbers of rows.

    In: published tables by name. Out: columns of AFFECTED, sorted; ``differs`` names what is not the same.
    """
    found = [_affected(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]
    kept = [frame for frame in found if len(frame)]
    return pd.concat([pd.DataFrame(columns=list(AFFECTED), dtype="str"), *kept], ignore_index=True)


def with_kept_back(cells: pd.DataFrame, kept_back: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """``cells`` followed by one row for each (table_name, metric_id) of which a figure is kept as it was.

    Which of its cells, how many and in which direction would tell of the few: none of that is said.
    """
    rows = [
        dict.fromkeys(AFFECTED, "") | {"table_name": table, "metric_id": metric, "differs": KEPT_BACK}
        for table, metric in sorted(kept_back)
    ]
    more = pd.DataFrame(rows, columns=list(AFFECTED), dtype="str")
    return pd.concat([cells, more], ignore_index=True) if rows else cells


def changed_and_kept(listed: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells of a ``corrections.csv`` that differ, and the rows that say what is kept back."""
    is_kept = listed["differs"] == KEPT_BACK
    return listed[~is_kept].reset_index(drop=True), listed[is_kept].reset_index(drop=True)


def read_affected(text: bytes) -> pd.DataFrame:
    """The cells of a ``corrections.csv``; all values as text, numbers below zero without the apostrophe that
    such a text has in a CSV file.
    """
    cells = pd.read_csv(io.BytesIO(text), dtype="str", keep_default_na=False)
    return cells.assign(**{name: cells[name].str.removeprefix("'") for name in _NUMBERS})


def _affected(name: str, before: pd.DataFrame | None, after: pd.DataFrame | None) -> pd.DataFrame:
    present = [table for table in (before, after) if table is not None]
    if not all(set(KEYS) <= set(table.columns) for table in present):
        return _reworded(name, before, after)
    sides = [_sides(table, present[0], when) for table, when in ((before, "before"), (after, "after"))]
    both = sides[0].merge(sides[1], on=[*KEYS, "nth"], how="outer").fillna("")
    both["differs"] = [_differing(row) for row in both.to_dict("records")]
    for name_of in ("label", "unit"):
        both[name_of] = both[f"{name_of}_after"].where(both["status_after"] != "", both[f"{name_of}_before"])
    changed = both[both["differs"] != ""].assign(table_name=name)
    return changed[list(AFFECTED)].sort_values(list(AFFECTED), ignore_index=True)


def _sides(table: pd.DataFrame | None, like: pd.DataFrame, when: str) -> pd.DataFrame:
    """A table's cells as text, with the columns of one side; cells that share their keys are numbered."""
    table = like.head(0) if table is None else table
    # As plain objects: empty columns of Arrow's strings cannot be merged.
    texts = _as_texts(table.reindex(columns=[*KEYS, *_SAID, *_BESIDE])).astype(object)
    named = {"value": when, "value_status": f"status_{when}"}
    named |= {column: f"{column}_{when}" for column in ("label", "unit", *_BESIDE)}
    return texts.rename(columns=named).assign(nth=texts.groupby(list(KEYS)).cumcount())


def _differing(row: Mapping[Any, Any]) -> str:
    if not row["status_before"] or not row["status_after"]:
        return "added" if row["status_after"] else "taken away"
    pairs = {"value": ("before", "after"), "status": ("status_before", "status_after")}
    pairs |= {column: (f"{column}_before", f"{column}_after") for column in _BESIDE}
    return " ".join(what for what, (one, other) in pairs.items() if row[one] != row[other])


def _reworded(name: str, before: pd.DataFrame | None, after: pd.DataFrame | None) -> pd.DataFrame:
    """One row for a table of words that is not the same any more."""
    if before is not None and after is not None and _said(before) == _said(after):
        return pd.DataFrame(columns=list(AFFECTED))
    rows = ["none" if table is None else f"{len(table)} rows" for table in (before, after)]
    row = dict.fromkeys(AFFECTED, "") | {"table_name": name, "differs": "rows"}
    return pd.DataFrame([row | {"before": rows[0], "after": rows[1]}])


def _said(table: pd.DataFrame) -> list[str]:
    lines: Iterator[tuple[str, ...]] = _as_texts(table).itertuples(index=False, name=None)
    return sorted("\x1f".join(line) for line in lines)


def _as_texts(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype("str").where(table.notna().to_numpy(), "")


def _texts(table: pd.DataFrame) -> pd.DataFrame:
    """Everything as text; without cells that share their keys, which cannot be told apart."""
    texts = _as_texts(table[[*KEYS, *_SAID]])
    return texts.drop_duplicates(list(KEYS), keep=False)


def _revised(name: str, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    earlier = before.rename(columns={"value": "before", "value_status": "status_before"})
    later = after.rename(columns={"value": "after", "value_status": "status_after"})
    both = earlier.drop(columns=["label", "unit"]).merge(later, on=list(KEYS), how="inner")
    differs = (both["before"] != both["after"]) | (both["status_before"] != both["status_after"])
    return both[differs].assign(table_name=name)[list(COLUMNS)].sort_values(list(COLUMNS), ignore_index=True)
